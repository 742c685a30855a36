"""Word files: a package of XML parts, read for their text."""
