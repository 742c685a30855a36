"""Formats that Pandoc reads: .epub, OpenDocument (.odt), Rich Text (.rtf), LaTeX, Org, reStructuredText."""
