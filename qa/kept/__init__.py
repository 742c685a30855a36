"""Answers that are kept in the library, so that what was asked once is not asked again."""
