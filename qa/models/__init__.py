"""The models: which, from where, with which hash; on this disk, converted, and running.

Knows nothing of questions, evidence or answers.
"""
