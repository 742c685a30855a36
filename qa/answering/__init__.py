"""The way from a question to an answer, a stage a module."""
