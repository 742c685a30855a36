"""Compares `qa.models.bytes` with NNCF's compression to bytes: `python -m bench.nncf_bytes MODEL.gguf`.

NNCF is no dependency: install it for this alone. It starts from weights of 16 bits, so the packed ones are unpacked for
it first; ours are rewritten as they are packed. Each way is made in a process of its own, and its weights are compared
with the unpacked ones. With `--read` each model also reads the seeds: how long a prompt takes, and how far the
log-probability of each next token is from that of the packed model with 32-bit activations.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.program import SEEDS
from index.quantised import linear_layers
from qa.models.bytes import _BLOCK, GROUP, _is_packed, _values, to_bytes
from qa.models.convert import packed_from_gguf

WAYS = ("packed", "unpacked", "ours", "nncf int8_sym")
_TOKENS, _PARTS = 128, 8
_MODEL = "openvino_model.xml"


def main() -> None:
    """Make each and print a row for it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("gguf", type=Path)
    options.add_argument("--read", action="store_true", help="have each model read the seeds, too")
    options.add_argument("--step", choices=("make", "weights", "read"), help=argparse.SUPPRESS)
    options.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options.add_argument("--work", type=Path, help="keep the models here (default: a passing folder)")
    given = options.parse_args()
    if given.step:
        step = {"make": _make, "weights": _weights, "read": _read}[given.step]
        print(json.dumps(step(given.way, given.work)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        work = given.work or Path(scratch)
        if not (work / "packed").exists():
            packed_from_gguf(given.gguf.resolve(), work / "packed")
        print("| weights | made in | with at most | disk | weights differ by |")
        print("| --- | --- | --- | --- | --- |")
        for way in WAYS[1:]:
            made = _apart("make", way, work, given.gguf)
            error = _apart("weights", way, work, given.gguf)["error"]
            size = (work / way.replace(" ", "-") / _MODEL).with_suffix(".bin").stat().st_size
            cost = f"{made['seconds']:.0f} s | {made['most'] / 1e3:.0f} MB | {size / 1e6:.0f} MB"
            print(f"| {way} | {cost} | {error:.4f} |", flush=True)
        truth: list[float] = []
        for way in WAYS if given.read else ():
            found = _apart("read", way, work, given.gguf)
            truth = truth or found["exact"]
            off = statistics.fmean(abs(a - b) for a, b in zip(truth, found["logs"], strict=True))
            print(f"{way}: a prompt of {_TOKENS} tokens {found['ms']:.0f} ms; log-probabilities differ by {off:.4f}")


def _apart(step: str, way: str, work: Path, gguf: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.nncf_bytes", str(gguf), "--step", step, "--way", way, "--work", str(work)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _make(way: str, work: Path) -> dict[str, float]:
    """Write the model one way; seconds, and the most memory that the process had, in kB."""
    import openvino

    target = work / way.replace(" ", "-")
    target.mkdir(exist_ok=True)
    began = time.perf_counter()
    if way == "ours":
        to_bytes(work / "packed", target)
    elif way == "unpacked":
        model = openvino.Core().read_model(work / "packed" / _MODEL)
        for layer, matrix in linear_layers(model):
            if _is_packed(matrix):
                layer.input(1).replace_source_output(_unpacked(matrix))
        openvino.save_model(model, target / _MODEL, compress_to_fp16=False)
    else:
        nncf: Any = importlib.import_module("nncf")
        model = openvino.Core().read_model(work / "unpacked" / _MODEL)
        model = nncf.compress_weights(model, mode=nncf.CompressWeightsMode(way.split()[1]))
        model.set_rt_info(str(GROUP), ["runtime_options", "DYNAMIC_QUANTIZATION_GROUP_SIZE"])
        openvino.save_model(model, target / _MODEL, compress_to_fp16=False)
    return {
        "seconds": time.perf_counter() - began,
        "most": float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss),
    }


def _weights(way: str, work: Path) -> dict[str, float]:
    """The root mean square of how far the weights are from the unpacked ones, as a share of that of the weights."""
    import openvino

    def matrices(of: str) -> list[Any]:
        model = openvino.Core().read_model(work / of.replace(" ", "-") / _MODEL)
        models.append(model)  # its nodes live as long as it does
        return [matrix for _, matrix in linear_layers(model)]

    models: list[Any] = []
    off = whole = 0.0
    for ours, theirs in zip(matrices(way), matrices("unpacked"), strict=True):
        for start in range(0, theirs.get_output_shape(0)[0], _BLOCK):
            made, was = (
                np.asarray(_values(each, slice(start, start + _BLOCK)), dtype=np.float32).reshape(-1)
                for each in (ours, theirs)
            )
            off += float(np.square(made - was).sum(dtype=np.float64))
            whole += float(np.square(was).sum(dtype=np.float64))
    return {"error": math.sqrt(off / whole)}


def _unpacked(matrix: Any) -> Any:
    """The output of nodes that give a matrix from 16 bits a weight."""
    from openvino import opset13

    rows, columns = matrix.get_output_shape(0)
    held = np.empty((rows, columns), dtype=np.float16)
    for start in range(0, rows, _BLOCK):
        held[start : start + _BLOCK] = _values(matrix, slice(start, start + _BLOCK)).reshape(-1, columns)
    return opset13.convert(opset13.constant(held), "f32").output(0)


def _read(way: str, work: Path) -> dict[str, Any]:
    """Milliseconds for a prompt, and the log-probability of each next token; for the packed one the exact ones too."""
    import openvino
    import openvino_genai

    text = "\n".join(file.read_text(encoding="utf-8") for file in sorted(SEEDS.glob("*.txt")))
    tokens = openvino_genai.Tokenizer(str(work / "packed")).encode(text).input_ids.data[0]
    parts = [tokens[at : at + _TOKENS] for at in range(0, _TOKENS * _PARTS, _TOKENS)]
    file = work / way.replace(" ", "-") / _MODEL
    core, found = openvino.Core(), dict[str, Any]()
    options: dict[str, dict[str, Any]] = {"logs": {}}
    if way == "packed":
        options["exact"] = {"DYNAMIC_QUANTIZATION_GROUP_SIZE": "0", "INFERENCE_PRECISION_HINT": "f32"}
    for name, chosen in options.items():
        request = core.compile_model(core.read_model(file), "CPU", chosen).create_infer_request()
        _log_probabilities(request, parts[0])
        times, logs = [], []
        for part in parts:
            began = time.perf_counter()
            logs += _log_probabilities(request, part)
            times.append(time.perf_counter() - began)
        found[name] = logs
        if name == "logs":
            found["ms"] = min(times) * 1000
    return found


def _log_probabilities(request: Any, part: Any) -> list[float]:
    request.reset_state()
    places = np.arange(len(part), dtype=np.int64).reshape(1, -1)
    request.infer(
        {
            "input_ids": part.reshape(1, -1),
            "attention_mask": np.ones_like(places),
            "position_ids": places,
            "beam_idx": np.zeros(1, dtype=np.int32),
        }
    )
    logits = np.array(request.get_tensor("logits").data[0], dtype=np.float64)
    logs = logits - logits.max(axis=-1, keepdims=True)
    logs -= np.log(np.exp(logs).sum(axis=-1, keepdims=True))
    return [float(logs[at, token]) for at, token in enumerate(part[1:])]


if __name__ == "__main__":
    main()
