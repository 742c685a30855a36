"""The models that Vouch knows by name: which files, from where, with which SHA-256.

Pure data, in catalog.toml; touches no network.

A file comes from the hub repository it was published in, or, where some are known, in parts from packages of the Python
package registry that carry the same bytes. Whichever it was, `sha256` is what counts: nothing else is ever loaded.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Task = Literal["embed", "answer", "rerank"]
Pooling = Literal["cls", "mean"]

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
DEFAULT_MODEL = "qwen2.5-coder-1.5b-instruct"

READABLE = ("llama", "qwen2", "qwen3")  # the architectures that the GGUF reader of openvino-genai takes
# What a model takes that was not measured: bytes a parameter of its converted form, how many times that is loaded, and
# bytes around it. For answering models the three were read off the two that were measured (4.0 and 2.0 GB), for
# embedders off the default.
_TAKES: Mapping[Task, tuple[float, float, int]] = {"answer": (1.11, 2.0, 600_000_000), "embed": (4.0, 1.0, 310_000_000)}


@dataclass(frozen=True, slots=True)
class Part:
    """`size` bytes of a file, carried as `member` of the wheel of `package` `version`.

    Parts of a file follow each other.
    """

    package: str
    version: str
    member: str
    size: int
    crc32: int


@dataclass(frozen=True, slots=True)
class File:
    """One file of a model: `path` inside the model's folder, `upstream` its path in the hub repository.

    No `parts` where no package carries it.
    """

    path: str
    upstream: str
    size: int
    sha256: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Embedding:
    """How an embedder is run where its own repository leaves that to the reader.

    What `qa.models.layout` writes beside the weights.
    """

    pooling: Pooling
    max_tokens: int
    query_prefix: str
    passage_prefix: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model of the catalogue.

    `disk` and `memory` are bytes: the space it takes when installed, and what it needs to run.

    `estimated` says that these two were worked out from the billions of `parameters` and not measured. `published` is
    the IFEval of its makers, in percent.
    """

    name: str
    task: Task
    summary: str
    upstream: str
    revision: str
    licence: str
    files: tuple[File, ...]
    disk: int
    memory: int
    parameters: float = 0.0
    architecture: str = ""
    published: float | None = None
    estimated: bool = False
    embedding: Embedding | None = None

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(file.size for file in self.files)

    def address(self, file: File) -> str:
        """Where a file lies on the hub, after the address of the hub itself."""
        return f"{self.upstream}/resolve/{self.revision}/{file.upstream}"


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model that is on this disk, as the loaders take it: `folder` as published, and what it was converted to, if it was.

    `openvino` is a folder that the OpenVINO runtime loads, `gguf` a quantised file, `safetensors` a folder that transformers or
    sentence-transformers loads; `digest` is the identity of the weights (short SHA-256), the same whatever they were converted to.
    """

    name: str
    task: Task
    digest: str
    folder: Path
    openvino: Path | None
    gguf: Path | None
    safetensors: Path | None


def find(name: str) -> Model | None:
    """The model of the catalogue with this name, in any case, or None."""
    return next((model for model in CATALOG if model.name.lower() == name.lower()), None)


def _model(row: Mapping[str, Any]) -> Model:
    files = tuple(_file(each) for each in row["file"])
    bytes_each, loaded, around = _TAKES[row["task"]]
    converted = int(row["parameters"] * 1e9 * bytes_each)
    return Model(
        name=row["name"],
        task=row["task"],
        summary=row["summary"],
        upstream=row["upstream"],
        revision=row["revision"],
        licence=row["licence"],
        files=files,
        disk=row.get("disk", sum(file.size for file in files) + converted),
        memory=row.get("memory", int(around + loaded * converted)),
        parameters=row["parameters"],
        architecture=row.get("architecture", ""),
        published=row.get("published"),
        estimated="memory" not in row,
        embedding=Embedding(*(row[key] for key in ("pooling", "max_tokens", "query_prefix", "passage_prefix")))
        if "pooling" in row
        else None,
    )


def _file(row: Mapping[str, Any]) -> File:
    carrier = row.get("carrier")
    parts = (
        ()
        if carrier is None
        else (_whole(carrier, row["size"]),)
        if "member" in carrier
        else _split(carrier, row["size"])
    )
    return File(row["path"], row.get("upstream", row["path"]), row["size"], row["sha256"], parts)


def _whole(carrier: Mapping[str, Any], size: int) -> Part:
    return Part(carrier["package"], carrier["version"], carrier["member"], size, carrier["crc32"][0])


def _split(carrier: Mapping[str, Any], whole: int) -> tuple[Part, ...]:
    """The parts of a file of `whole` bytes cut every `piece` bytes, the n-th in package `package`n."""
    package, piece = carrier["package"], carrier["piece"]
    return tuple(
        Part(
            f"{package}{n}",
            carrier["version"],
            f"{package.replace('-', '_')}{n}/data/part{n:02}.bin",
            min(piece, whole - piece * (n - 1)),
            crc32,
        )
        for n, crc32 in enumerate(carrier["crc32"], start=1)
    )


CATALOG: tuple[Model, ...] = tuple(
    _model(row) for row in tomllib.loads(Path(__file__).with_name("catalog.toml").read_text(encoding="utf-8"))["model"]
)
