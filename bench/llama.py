"""The server of llama.cpp, as the wheel xllamacpp brings it, on a port of this machine: run by `bench.serving`.

Takes a GGUF, what to call it, a port, the tokens of context for each request, how many requests it does at once, and
with how many threads; serves until it is killed.
"""

from __future__ import annotations

import signal
import sys
from importlib import import_module


def main() -> None:
    """Serve until a signal ends it."""
    xllamacpp = import_module("xllamacpp")  # not in the lock: `bench.serving` installs it
    gguf, name, port, context, slots, threads = sys.argv[1:]
    options = xllamacpp.CommonParams()
    options.model.path, options.model_alias = gguf, {name}
    options.hostnames, options.port = ["127.0.0.1"], int(port)
    options.n_ctx, options.n_parallel = int(context) * int(slots), int(slots)
    options.cpuparams.n_threads = options.cpuparams_batch.n_threads = int(threads)
    options.ui = False
    server = xllamacpp.Server(options)
    print(server.listening_address, flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
