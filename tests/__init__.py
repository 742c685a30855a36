import index  # noqa: F401 (it shuts the network, before a test loads a library that would use it)
