"""The key of this user: what is signed with it was written by a program of theirs, and is as it was written.

In: the folder of their state. Out: bytes.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from qa.paths import private_folder

FILE = "answers.key"
_BYTES = 32


def own_key(state: Path, *, make: bool = True) -> bytes | None:
    """The key, readable by its owner alone; where there is none yet it is made, if that is wished.

    None where there is none, or it cannot be read.
    """
    file = state / FILE
    with suppress(OSError):
        if len(key := file.read_bytes()) == _BYTES:
            return key
    if not make:
        return None
    draft = file.with_name(f".{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        private_folder(state)
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb"
        ) as stream:
            stream.write(secrets.token_bytes(_BYTES))
        draft.replace(file)
        key = file.read_bytes()  # another process may have made one meanwhile: the last one counts for both
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        return None
    return key if len(key) == _BYTES else None
