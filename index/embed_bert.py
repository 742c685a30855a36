"""A BERT embedder for OpenVINO, made from its weights alone, without torch or transformers.

Takes the folder of a published sentence-transformers model; returns the graph that `index.embed_openvino` runs. Knows
BERT with learned positions, exact GELU and the mean of all tokens (Devlin et al., "BERT", 2019; Reimers and Gurevych,
"Sentence-BERT", 2019), which the default embedder is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.embed import FloatArray
from index.errors import ModelError
from index.extras import install_line

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_PADDED = np.float32(-1e9)  # added to the attention that a token pays to padding
_KNOWN = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}

Weights = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Reading:
    """How many tokens of a text a model reads, and its prefixes for queries and passages, by name."""

    max_tokens: int
    prompts: Mapping[str, str]


# openvino.Model: token arrays (n, length) int64 -> (n, dimension) float32, not yet of unit length
def graph(folder: Path) -> Any:
    """The model of `folder`.

    Raises `ModelError` where it is of another kind, or its files are not what they should be.
    """
    from openvino import Model, PartialShape, opset13

    try:
        config = _config(folder)
        weights = _weights(folder / "model.safetensors")
        ids, mask, types = (opset13.parameter(PartialShape([-1, -1]), np.int64, name) for name in _INPUTS)
        for port, name in zip((ids, mask, types), _INPUTS, strict=True):
            port.output(0).get_tensor().set_names({name})
        layers = _Layers(weights, heads=config["num_attention_heads"], epsilon=config["layer_norm_eps"])
        hidden = layers.embedded(ids, types)
        real = opset13.convert(mask, "f32")  # (n, length): 1 for a token, 0 for padding
        # (n, 1, 1, length)
        unseen = opset13.multiply(opset13.subtract(np.float32(1), opset13.unsqueeze(real, [1, 2])), _PADDED)
        for number in range(config["num_hidden_layers"]):
            hidden = layers.layer(hidden, unseen, f"encoder.layer.{number}.")
        kept = opset13.unsqueeze(real, 2)  # (n, length, 1)
        total = opset13.reduce_sum(opset13.multiply(hidden, kept), 1)
        mean = opset13.divide(total, opset13.maximum(opset13.reduce_sum(kept, 1), np.float32(1e-9)))
        return Model([mean], [ids, mask, types], folder.name)
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise _unknown(folder, error) from error


def settings(folder: Path) -> Reading:
    """How the model in `folder` expects its texts. Raises `ModelError` where its files do not say."""
    try:
        stated = _read(folder / "sentence_bert_config.json").get("max_seq_length") or _read(
            folder / "tokenizer_config.json"
        ).get("model_max_length")
        most = int(_read(folder / "config.json")["max_position_embeddings"])
        return Reading(
            min(int(stated or most), most),
            dict(_read(folder / "config_sentence_transformers.json").get("prompts") or {}),
        )
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise _unknown(folder, error) from error


class _Layers:
    """The parts of a BERT, each a function of tensors (n, length, hidden) float32."""

    def __init__(self, weights: Weights, *, heads: int, epsilon: float) -> None:
        self._weights = weights
        self._heads = heads
        self._epsilon = epsilon

    def embedded(self, ids: Any, types: Any) -> Any:
        """Words, positions and types summed and normalised."""
        from openvino import opset13

        length = opset13.gather(opset13.shape_of(ids), np.int64(1), np.int64(0))
        positions = opset13.range(np.int64(0), length, np.int64(1), "i64")
        words, places, kinds = (
            self._weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
        )
        summed = opset13.add(opset13.gather(words, ids, np.int64(0)), opset13.gather(kinds, types, np.int64(0)))
        return self._normalised(
            opset13.add(summed, opset13.gather(places, positions, np.int64(0))), "embeddings.LayerNorm"
        )

    def layer(self, hidden: Any, unseen: Any, at: str) -> Any:
        """One layer: attention, then two linear maps, each added to what came in."""
        from openvino import opset13

        query, key, value = (
            self._split(self._linear(hidden, f"{at}attention.self.{name}")) for name in ("query", "key", "value")
        )
        seen = opset13.scaled_dot_product_attention(query, key, value, unseen)  # (n, heads, length, width)
        joined = opset13.reshape(opset13.transpose(seen, [0, 2, 1, 3]), np.array([0, 0, -1]), special_zero=True)
        hidden = self._normalised(
            opset13.add(self._linear(joined, f"{at}attention.output.dense"), hidden), f"{at}attention.output.LayerNorm"
        )
        wide = opset13.gelu(self._linear(hidden, f"{at}intermediate.dense"), "erf")
        return self._normalised(opset13.add(self._linear(wide, f"{at}output.dense"), hidden), f"{at}output.LayerNorm")

    def _linear(self, hidden: Any, name: str) -> Any:
        from openvino import opset13

        product = opset13.matmul(hidden, self._weights[f"{name}.weight"], transpose_a=False, transpose_b=True)
        return opset13.add(product, self._weights[f"{name}.bias"])

    def _split(self, hidden: Any) -> Any:  # (n, length, hidden) -> (n, heads, length, width)
        from openvino import opset13

        width = self._weights["embeddings.LayerNorm.weight"].shape[0] // self._heads
        return opset13.transpose(
            opset13.reshape(hidden, np.array([0, 0, self._heads, width]), special_zero=True), [0, 2, 1, 3]
        )

    def _normalised(self, hidden: Any, name: str) -> Any:
        from openvino import opset13

        even = opset13.mvn(hidden, np.array([2]), normalize_variance=True, eps=self._epsilon, eps_mode="inside_sqrt")
        return opset13.add(opset13.multiply(even, self._weights[f"{name}.weight"]), self._weights[f"{name}.bias"])


def _config(folder: Path) -> dict[str, Any]:
    """The architecture, which has to be the one that is known. Raises ValueError where it is another."""
    config: dict[str, Any] = _read(folder / "config.json")
    for key, expected in _KNOWN.items():
        if config.get(key, expected) != expected:
            raise ValueError(f"its {key} is {config[key]!r} and not {expected!r}")
    if "model_type" not in config:
        raise ValueError("its config.json names no model_type")
    kinds = [str(module["type"]).rpartition(".")[2] for module in _read(folder / "modules.json")]
    pooled = _read(folder / "1_Pooling" / "config.json")
    modes = [
        key.removeprefix("pooling_mode_").partition("_")[0]
        for key, value in pooled.items()
        if key.startswith("pooling_mode_") and value
    ]
    # as it is written since sentence-transformers 5
    modes += [str(pooled["pooling_mode"])] if "pooling_mode" in pooled else []
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]) or modes != ["mean"]:
        raise ValueError(f"it is {', '.join(kinds)} with {', '.join(modes) or 'no pooling'}")
    return config


def _weights(file: Path) -> dict[str, FloatArray]:
    """The tensors of a safetensors file, by name; those that are no 32-bit floats are left out.

    Raises ValueError for a file that is none.
    """
    data = np.memmap(file, dtype=np.uint8, mode="r")
    length = int.from_bytes(data[:8].tobytes(), "little")
    if length > data.size - 8:
        raise ValueError("model.safetensors is cut short")
    header = json.loads(data[8 : 8 + length].tobytes())
    start = 8 + length
    return {
        name.removeprefix("bert."): data[start + tensor["data_offsets"][0] : start + tensor["data_offsets"][1]]
        .view("<f4")
        .reshape(tensor["shape"])
        for name, tensor in header.items()
        if name != "__metadata__" and tensor["dtype"] == "F32"
    }


def _unknown(folder: Path, error: Exception) -> ModelError:
    why = str(error) or type(error).__name__
    return ModelError(f"{folder.name} cannot be converted without sentence-transformers: {why}", install_line("torch"))


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
