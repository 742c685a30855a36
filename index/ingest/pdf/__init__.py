"""The bytes of a PDF -> its text in reading order. `index.ingest.pdf.read` is the way in."""
