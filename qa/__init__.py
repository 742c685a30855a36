"""Vouch: answers from your own articles, every sentence vouched for by a verbatim quote."""

import index  # noqa: F401 (it shuts the network, before any module here can load a library that would use it)

__version__ = "0.1.0"
