"""Vouch: answers from your own articles, every sentence vouched for by a verbatim quote."""

__version__ = "0.1.0"
