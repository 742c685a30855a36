"""Read files into `Article` records: decode, extract, read metadata, mark which spans are the article.

Knows nothing of passages or vectors.
"""
