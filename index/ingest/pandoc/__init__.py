"""Formats that Pandoc reads: books (.epub), OpenDocument (.odt), Rich Text (.rtf), LaTeX (.tex), Org (.org) and reStructuredText (.rst)."""
