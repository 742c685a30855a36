"""Keep libraries quiet, the network off, and Ctrl-C quick.

Called once, before anything heavy is imported.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import time
import warnings

from index.offline import refuse

QUIET = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "OPENVINO_LOG_LEVEL": "0",
}
GRACE = 0.5  # seconds that Python gets to unwind after Ctrl-C, before the process ends wherever it is
INTERRUPTED = 130


def silence() -> None:
    """Turn off the warnings, logs, progress bars and connections of libraries.

    The messages of `qa` itself do not pass through them.
    """
    refuse()
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    logging.getLogger().addHandler(logging.NullHandler())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def leave_at_once(code: int = INTERRUPTED) -> None:
    """Make Ctrl-C end the program within `GRACE` seconds, also while a library computes and would not let Python hear of it; with this exit code from now on.

    Safe because everything that is written survives the process being killed. Python's own handler runs first, where it can.
    """
    listener, bell = socket.socketpair()
    bell.setblocking(False)
    signal.set_wakeup_fd(bell.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_wait, args=(listener, bell, code), daemon=True).start()


def _wait(listener: socket.socket, bell: socket.socket, code: int) -> None:
    while signal.SIGINT not in listener.recv(64):
        pass
    time.sleep(GRACE)
    bell.close()
    if sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        os.write(sys.stderr.fileno(), b"\r\x1b[K\x1b[?25h")  # a bar that could not be ended had hidden the cursor
    os._exit(code)
