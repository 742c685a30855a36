"""Files -> `Article` records: decoding, extraction, metadata, and which spans of the text are the article. Knows nothing of passages or vectors."""
