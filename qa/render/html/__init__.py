"""A memo as one self-contained HTML file.

Beside the memo is the text of every cited article, each quote highlighted where it stands.
"""

from qa.render.html.document import page

__all__ = ["page"]
