"""The fingerprint of the program that answers.

A kept answer of another one is asked anew, also where nobody raised the version.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

import index
import qa

_CODE = (".py", ".toml")  # the weights of decisions stand in the latter
# those that compute
_PACKAGES = (
    "faiss-cpu numpy openvino openvino-genai py3langid sentence-transformers tokenizers torch transformers".split()
)


@cache
def fingerprint() -> str:
    """A short hash of the code that searches and answers, and of the versions of what it computes with.

    40 ms, once a process.
    """
    found = hashlib.sha256(f"{qa.__version__}\n".encode())
    here = Path(qa.__file__).parent
    for folder in (Path(index.__file__).parent, here / "answering", here / "calibration", here / "models"):
        for file in sorted(folder.rglob("*")):
            if file.suffix in _CODE:
                found.update(
                    f"{file.relative_to(folder).as_posix()}\n".encode() + hashlib.sha256(file.read_bytes()).digest()
                )
    found.update("\n".join(f"{name} {_version(name)}" for name in _PACKAGES).encode())
    return found.hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
