"""The same embedder on OpenVINO: converted once by torch, then run without torch, transformers or sentence-transformers.

A passage is always computed alone, by one thread, with as many at once as the processor has streams. That is quicker than batches of
passages padded to one length, and makes a row the same to the last bit whatever it was embedded beside. The arithmetic is the processor's own
(bfloat16 where it has that, float32 otherwise).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embed import FloatArray, unit_rows
from index.embed_torch import open_model, passage_prompt, query_prompt
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_MODEL, _TOKENIZER, _SETTINGS = "openvino_model.xml", "tokenizer.json", "embedder.json"
_LEAST_COSINE = 0.999
_SAMPLES = (
    "trade",
    "India and Russia set a goal of $100 billion in trade by 2030.",
    "Café Zürich, façade — “quoted”, naïve: ВВЕРХ, 北京, 68.7% & CO₂!",
    "The two leaders met in New Delhi. " * 6,
    "The corridor, whose ports lie on three seas, carries coal, oil and grain. " * 60,  # longer than a model reads: cut at the same place
)


def convert(folder: Path, out: Path) -> None:
    """Write the model of `folder` to the new folder `out` in the form that `OpenVinoEmbedder` runs.

    Raises `ModelError` when it cannot be converted, or when what comes out has a cosine under 0.999 to the original on any sample.
    """
    import openvino

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
        raise ModelError(f"{folder.name} cannot be converted for OpenVINO: {message}", "sentence-transformers runs it instead") from error


class OpenVinoEmbedder:
    """Runs a folder that `convert` wrote. May be used from several threads at once."""

    def __init__(self, folder: Path, *, name: str, digest: str) -> None:
        import openvino
        from tokenizers import Tokenizer

        self.name = name
        self.digest = digest
        try:
            settings = json.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
            self._tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
            self._compiled = openvino.Core().compile_model(folder / _MODEL, "CPU", {"PERFORMANCE_HINT": "THROUGHPUT"})
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(f"the converted embedder in {folder} cannot be loaded", f"qa models verify {name}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(settings["max_tokens"])
        self._query_prompt: str = settings["query_prompt"]
        self._passage_prompt: str = settings["passage_prompt"]
        self._inputs = {port.get_any_name() for port in self._compiled.inputs}
        self.dimension: int = self._compiled.output(0).get_partial_shape()[1].get_length()
        self._streams: int = self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        self._idle: SimpleQueue[Any] = SimpleQueue()
        for _ in range(self._streams):
            self._idle.put(self._compiled.create_infer_request())

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        prompted = [self._passage_prompt + text for text in texts]
        with ThreadPoolExecutor(self._streams) as pool:
            try:
                rows = list(pool.map(self._row, prompted))
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)  # without this, Ctrl-C would wait for every passage that is left
                raise
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)

    def encode_query(self, text: str) -> FloatArray:
        return self._row(self._query_prompt + text)

    def _row(self, text: str) -> FloatArray:  # (dimension,) float32, unit length
        encoding = self._tokenizer.encode(text)
        values = {"input_ids": encoding.ids, "attention_mask": encoding.attention_mask, "token_type_ids": encoding.type_ids}
        feed = {name: np.array([values[name]], dtype=np.int64) for name in self._inputs}
        with self._request() as request:
            unit: FloatArray = unit_rows(request.infer(feed)[0])[0]
            return unit

    @contextmanager
    def _request(self) -> Iterator[Any]:
        request = self._idle.get()
        try:
            yield request
        finally:
            self._idle.put(request)


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
    ours = np.concatenate([converted.encode_passages(_SAMPLES), np.array([converted.encode_query(text) for text in _SAMPLES])])
    passages = model.encode_document(list(_SAMPLES), prompt=passage_prompt(model.prompts), show_progress_bar=False)
    queries = model.encode_query(list(_SAMPLES), prompt=query_prompt(model.prompts), show_progress_bar=False)
    cosines = (ours * unit_rows(np.concatenate([passages, queries]))).sum(axis=1)
    if not cosines.min() >= _LEAST_COSINE:  # not "<", which would let NaN pass
        raise ModelError(f"the copy has a cosine of only {cosines.min():.4f} to the original", "sentence-transformers runs it instead")
