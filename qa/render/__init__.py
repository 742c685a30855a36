"""Renders an `Answer`: pure functions from records to text."""
