"""Measurements, each a program of its own: `python -m bench.NAME`."""

import index  # noqa: F401 (it shuts the network, before a bench loads a library that would use it)
