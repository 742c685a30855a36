"""Many questions from a file, one answer a line: resumable, in order, and every row survives.

Knows nothing of models.
"""
