"""The embedder on OpenVINO: converted once, by torch where it is installed, then run without it.

A passage is always computed alone, by one thread, with as many at once as the processor has streams. That is quicker
than batches of passages padded to one length, and makes a row the same to the last bit whatever it was embedded beside.
Queries use the processor's own arithmetic (bfloat16 where it has that, float32 otherwise). Passages, of which there are
many, are computed in bytes where the processor can multiply them (`index.running`); what that costs is measured on
samples before it is used.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embed import FloatArray, unit_rows
from index.embed_torch import open_model, passage_prompt, query_prompt
from index.errors import ModelError
from index.running import GROUP, Running, bound_memory, in_bytes, padded

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_MODEL, _TOKENIZER, _SETTINGS = "openvino_model.xml", "tokenizer.json", "embedder.json"
_LEAST_COSINE = 0.999
_LEAST_COSINE_IN_BYTES = 0.995  # to the same model's own arithmetic; below it, passages are not computed in bytes
_SAMPLES = (
    "trade",
    "India and Russia set a goal of $100 billion in trade by 2030.",
    "Café Zürich, façade — “quoted”, naïve: ВВЕРХ, 北京, 68.7% & CO₂!",
    "The two leaders met in New Delhi. " * 6,
    # longer than a model reads: cut at the same place
    "The corridor, whose ports lie on three seas, carries coal, oil and grain. " * 60,
)


def convert(folder: Path, out: Path) -> None:
    """Write the model of `folder` to the new folder `out` in the form that `OpenVinoEmbedder` runs.

    Where sentence-transformers is not installed, a BERT is built from its weights (`index.embed_bert`). Raises
    `ModelError` when it cannot be converted, or when what sentence-transformers computes has a cosine under 0.999 to
    what comes out on any sample.
    """
    import openvino

    if find_spec("sentence_transformers") is None:
        _from_weights(folder, out)
        return
    model = open_model(folder, device="cpu")
    out.mkdir(parents=True)
    try:
        openvino.save_model(_trace(model), out / _MODEL, compress_to_fp16=False)
        model.tokenizer.backend_tokenizer.save(str(out / _TOKENIZER))
        settings = {
            "max_tokens": model.max_seq_length,
            "query_prompt": query_prompt(model.prompts),
            "passage_prompt": passage_prompt(model.prompts),
        }
        (out / _SETTINGS).write_text(json.dumps(settings), encoding="utf-8")
        _compare(model, OpenVinoEmbedder(out, name=folder.name, digest=""))
    except (RuntimeError, AttributeError, KeyError, TypeError, ModelError) as error:
        shutil.rmtree(out)
        message = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(
            f"{folder.name} cannot be converted for OpenVINO: {message}", "sentence-transformers runs it instead"
        ) from error


def _from_weights(folder: Path, out: Path) -> None:
    import openvino

    from index.embed_bert import graph, settings

    made, chosen = graph(folder), settings(folder)
    out.mkdir(parents=True)
    openvino.save_model(made, out / _MODEL, compress_to_fp16=False)
    shutil.copyfile(folder / _TOKENIZER, out / _TOKENIZER)
    prompts = chosen.prompts
    (out / _SETTINGS).write_text(
        json.dumps(
            {
                "max_tokens": chosen.max_tokens,
                "query_prompt": query_prompt(prompts),
                "passage_prompt": passage_prompt(prompts),
            }
        ),
        encoding="utf-8",
    )


class OpenVinoEmbedder:
    """Runs a folder that `convert` wrote. May be used from several threads at once."""

    def __init__(self, folder: Path, *, name: str, digest: str) -> None:
        import openvino
        from tokenizers import Tokenizer

        self.name = name
        self.digest = digest
        bound_memory()
        try:
            settings = json.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
            self._tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
            self._exact = Running(
                openvino.Core().compile_model(folder / _MODEL, "CPU", {"PERFORMANCE_HINT": "THROUGHPUT"})
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"the converted embedder in {folder} cannot be loaded", f"qa models fetch {name}"
            ) from error
        self._padding = (self._tokenizer.padding or {}).get("pad_id", 0)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(settings["max_tokens"])
        self._most: int = settings["max_tokens"]
        self._query_prompt: str = settings["query_prompt"]
        self._passage_prompt: str = settings["passage_prompt"]
        self._folder = folder
        self._quick: Running | None = None  # for passages, made when the first ones come
        self._lock = Lock()
        self.dimension = self._exact.dimension

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        return self._rows(self._for_passages(), [self._passage_prompt + text for text in texts])

    def encode_query(self, text: str) -> FloatArray:
        return self._row(self._exact, self._query_prompt + text)

    def exact_passages(self, texts: Sequence[str]) -> FloatArray:
        """Like `encode_passages`, but never in 8-bit arithmetic."""
        return self._rows(self._exact, [self._passage_prompt + text for text in texts])

    def _rows(self, running: Running, texts: Sequence[str]) -> FloatArray:
        with ThreadPoolExecutor(running.streams) as pool:
            try:
                rows = list(pool.map(lambda text: self._row(running, text), texts))
            except KeyboardInterrupt:
                # without this, Ctrl-C would wait for every passage that is left
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)

    def _row(self, running: Running, text: str) -> FloatArray:  # (dimension,) float32, unit length
        encoding = self._tokenizer.encode(text)
        encoding.pad(padded(len(encoding.ids), self._most), pad_id=self._padding)
        return running.row(encoding)

    def _for_passages(self) -> Running:
        """The model in 8-bit arithmetic, or in full precision where the processor or the samples do not allow that."""
        import openvino

        with self._lock:
            if self._quick is None:
                core = openvino.Core()
                self._quick = self._exact
                if "INT8" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
                    options = {"PERFORMANCE_HINT": "THROUGHPUT", "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(GROUP)}
                    candidate = Running(
                        core.compile_model(in_bytes(core.read_model(self._folder / _MODEL)), "CPU", options)
                    )
                    cosines = (self._rows(candidate, _SAMPLES) * self._rows(self._exact, _SAMPLES)).sum(axis=1)
                    if cosines.min() >= _LEAST_COSINE_IN_BYTES:
                        self._quick = candidate
            return self._quick


def _trace(model: SentenceTransformer) -> Any:  # openvino.Model: token arrays (n, length) -> (n, dimension)
    import openvino
    import torch

    features = model.preprocess(["a short sample", "another sample, of another length"])
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in features]

    class Whole(torch.nn.Module):
        """Transformer, pooling and whatever follows them, as one function of token arrays."""

        def __init__(self) -> None:
            super().__init__()
            self.modules_in_order = model

        def forward(self, *arrays: torch.Tensor) -> torch.Tensor:
            result: torch.Tensor = self.modules_in_order(dict(zip(names, arrays, strict=True)))["sentence_embedding"]
            return result

    with torch.no_grad():
        traced = openvino.convert_model(Whole().eval(), example_input=tuple(features[name] for name in names))
    for name, port in zip(names, traced.inputs, strict=True):
        port.get_tensor().set_names({name})
    return traced


def _compare(model: SentenceTransformer, converted: OpenVinoEmbedder) -> None:
    exact = converted.exact_passages(_SAMPLES)
    ours = np.concatenate([exact, np.array([converted.encode_query(text) for text in _SAMPLES])])
    passages = model.encode_document(list(_SAMPLES), prompt=passage_prompt(model.prompts), show_progress_bar=False)
    queries = model.encode_query(list(_SAMPLES), prompt=query_prompt(model.prompts), show_progress_bar=False)
    cosines = (ours * unit_rows(np.concatenate([passages, queries]))).sum(axis=1)
    if not cosines.min() >= _LEAST_COSINE:  # not "<", which would let NaN pass
        raise ModelError(
            f"the copy has a cosine of only {cosines.min():.4f} to the original",
            "sentence-transformers runs it instead",
        )
