"""Read the text of a PDF in reading order; `index.ingest.pdf.read` is the way in."""
