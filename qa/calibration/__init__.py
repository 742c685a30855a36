"""The decision fitted to a model on its user's own questions.

What was weighed, the fit with its figures, and where it is kept.
"""
