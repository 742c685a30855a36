"""Checks, in code alone, whether a sentence is carried by its quotes: words, figures, names, negations, who did what.

No check knows of models or of the library.
"""
