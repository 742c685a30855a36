"""Models turned once into what their engine loads fast; each conversion runs in a process of its own.

Takes a verified GGUF, or the folder of an embedder; writes a new folder, whole or not at all. A process of its
own gives back the memory it took, keeps the libraries' chatter off the terminal, and may be killed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from index.errors import ModelError
from index.extras import MissingExtraError, explaining
from qa.models.bytes import to_bytes
from qa.models.requantise import requantise
from qa.models.rope import rotations

OPENVINO, SAFETENSORS = "openvino", "safetensors"


def convert(kind: str, source: Path, out: Path) -> None:
    """Convert `source` to the new folder `out`, replacing what was there.

    `kind` is one of `KINDS`. Raises `ModelError` with the last line of what the converter said, and leaves `out` as it
    was.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        made = Path(scratch) / "made"
        run = subprocess.run(
            [sys.executable, "-m", "qa.models.convert", kind, str(source), str(made)],
            capture_output=True,
            text=True,
            cwd=_checkout(),
            check=False,
        )
        if run.returncode != 0:
            said = (run.stderr.strip().splitlines() or [f"exit code {run.returncode}, perhaps for want of memory"])[-1]
            raise ModelError(f"{source.name} could not be converted: {said}", "qa doctor")
        if out.exists():
            out.rename(Path(scratch) / "old")
        made.rename(out)


def dequantise_beside(gguf: Path) -> Path:
    """The folder beside `gguf` with the same model in safetensors, made now if it is not there.

    Two at once make it once.
    """
    return _beside(gguf, SAFETENSORS)


def openvino_beside(gguf: Path) -> Path:
    """The folder beside `gguf` with the same model in OpenVINO's form, made now if it is not there.

    Two at once make it once.
    """
    return _beside(gguf, OPENVINO)


def _beside(gguf: Path, form: str) -> Path:
    out = gguf.parent / form
    if not out.is_dir():
        with FileLock(gguf.parent / f".{form}.lock"):
            if not out.is_dir():
                convert(f"gguf-to-{form}", gguf, out)
    return out


def packed_from_gguf(gguf: Path, packed: Path) -> None:
    """Write the model to the new folder `packed` in OpenVINO's form, its weights in as few bits as `gguf` has them.

    Raises `ModelError` where openvino-genai writes none.
    """
    import openvino_genai

    packed.mkdir()
    link = packed / "model.gguf"  # the IR is written beside the file that was loaded
    try:
        os.link(gguf, link)
    except OSError:  # a file system without hard links
        shutil.copyfile(gguf, link)
    # the model is only read and written here: the plain attention takes less around it, and what is written is the same
    # to the byte
    reading: dict[str, object] = {"enable_save_ov_model": True, "ATTENTION_BACKEND": "SDPA"}
    try:
        openvino_genai.LLMPipeline(str(link), "CPU", **reading)
    except RuntimeError as error:
        if "gguf_tensor" not in str(error):
            raise
        link.unlink()  # its reader lacks a quantisation that this file uses
        requantise(gguf, link)
        openvino_genai.LLMPipeline(str(link), "CPU", **reading)
    link.unlink()
    if not (packed / "openvino_model.xml").is_file():
        raise ModelError("openvino-genai wrote no model", "pip install --upgrade openvino-genai")


def _gguf_to_openvino(gguf: Path, out: Path) -> None:
    packed = out.with_name("packed")
    packed_from_gguf(gguf, packed)
    out.mkdir()
    to_bytes(packed, out, rotated=rotations(gguf))


def _gguf_to_safetensors(gguf: Path, out: Path) -> None:
    import torch
    import transformers

    # releases with GgufConfig keep the weights packed, which cannot be saved, unless they are told not to
    options = (
        {"quantization_config": transformers.GgufConfig(dequantize=True)} if hasattr(transformers, "GgufConfig") else {}
    )
    transformers.AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(out)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        gguf.parent, gguf_file=gguf.name, dtype=torch.bfloat16, **options
    )
    if (found := rotations(gguf)) is not None:
        model.config.rope_parameters = found.parameters()
    model.save_pretrained(out)


def _embedder_to_openvino(folder: Path, out: Path) -> None:
    from index.embed_openvino import convert as convert_embedder

    convert_embedder(folder, out)


KINDS: dict[str, Callable[[Path, Path], None]] = {
    "gguf-to-openvino": _gguf_to_openvino,
    "gguf-to-safetensors": _gguf_to_safetensors,
    "embedder-to-openvino": _embedder_to_openvino,
}


def _checkout() -> Path:
    """Where `-m qa.models.convert` finds this package, installed or not."""
    return Path(__file__).parents[2]


def _main() -> int:
    kind, source, out = sys.argv[1:]
    try:
        with explaining():
            KINDS[kind](Path(source).resolve(), Path(out).resolve())
    except MissingExtraError as error:
        print(f"{error.message}: {error.hint}", file=sys.stderr)
        return 1
    except ModelError as error:
        print(error.message, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
