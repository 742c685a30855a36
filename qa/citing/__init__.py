"""A draft that a person has written, held to the articles.

Each of its sentences judged, and the draft given back with footnotes and comments.
"""
