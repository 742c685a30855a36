"""Turns files into a searchable library of passages. Knows nothing of questions, answers or language models."""

from index.offline import shut

shut()
