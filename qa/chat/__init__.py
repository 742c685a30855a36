"""Conversations: questions that refer back are made self-contained, turns are kept, commands are obeyed.

Answers come from `qa.answering.answer` alone.
"""
