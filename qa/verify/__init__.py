"""Checks what a document quotes against the library, from what its reader sees."""
