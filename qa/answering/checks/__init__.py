"""Is a sentence carried by its quotes? Words, figures, names, negations and who did what, compared by code. Knows nothing of models or the library."""
