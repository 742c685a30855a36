"""Pages and feeds of the web, fetched when the user asks for them, and kept as files beside the library.

Knows nothing of libraries or questions.
"""
