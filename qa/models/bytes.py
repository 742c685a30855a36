"""Weights of a converted model rewritten to bytes in groups that the processor's own instructions for bytes can take at once.

Takes a folder of OpenVINO IR as openvino-genai writes it from a GGUF; writes another, its weights nearly unchanged and
read faster.

A GGUF keeps 4 to 6 bits a weight, with a scale for every 16 or 32: to multiply with them, they are unpacked again for
every prompt. Bytes with a scale for every 128 are multiplied as they are, with the activations rounded to bytes in the
same groups. docs/decisions.md says what that gains and costs.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.quantised import dequantised, linear_layers
from qa.models.rope import Rotations, rotate

GROUP = 128
_BLOCK = 4096  # rows that are unpacked at a time
_MODEL = "openvino_model"


def to_bytes(source: Path, target: Path, *, rotated: Rotations | None = None) -> None:
    """Write the model in the folder `source` to the folder `target`.

    What is not packed, or in rows that are no multiple of `GROUP`, stays as it is.

    `rotated` are rotations that the model is given.
    """
    import openvino

    model = openvino.Core().read_model(source / f"{_MODEL}.xml")
    if rotated is not None:
        rotate(model, rotated)
    for layer, matrix in linear_layers(model):
        if _is_packed(matrix) and matrix.get_output_shape(0)[1] % GROUP == 0:
            layer.input(1).replace_source_output(_as_bytes(matrix))
    model.set_rt_info(str(GROUP), ["runtime_options", "DYNAMIC_QUANTIZATION_GROUP_SIZE"])
    openvino.save_model(model, target / f"{_MODEL}.xml", compress_to_fp16=False)
    for file in source.iterdir():
        if file.stem != _MODEL:
            shutil.copyfile(file, target / file.name)


def _is_packed(node: Any) -> bool:
    """Whether a matrix is unpacked from constants of whole numbers."""
    while node.get_type_name() in ("Convert", "Reshape", "Multiply", "Subtract"):
        node = node.input_value(0).get_node()
    return node.get_type_name() == "Constant" and node.get_element_type().get_type_name() in ("u4", "u8")


def _as_bytes(packed: Any) -> Any:
    """The output of nodes that give a matrix from bytes and a scale for each group."""
    rows, columns = packed.get_output_shape(0)
    in_bytes = np.empty((rows, columns // GROUP, GROUP), dtype=np.int8)
    scales = np.empty((rows, columns // GROUP, 1), dtype=np.float16)
    for start in range(0, rows, _BLOCK):
        block = slice(start, start + _BLOCK)
        values = _values(packed, block).reshape(-1, columns // GROUP, GROUP)
        scale = np.abs(values).max(axis=-1, keepdims=True) / 127
        scale[scale == 0] = 1
        in_bytes[block], scales[block] = np.rint(values / scale), scale
    return dequantised(in_bytes, scales)


def _values(node: Any, rows: slice) -> npt.NDArray[Any]:
    """What some rows of a matrix are once they are unpacked; they may still be grouped."""
    match node.get_type_name():
        case "Constant":
            return _constant(node)[rows]
        case "Convert":
            return _input(node, 0, rows).astype(np.float32)
        case "Subtract":
            difference: npt.NDArray[Any] = _input(node, 0, rows) - _input(node, 1, rows)
            return difference
        case "Multiply":
            return np.multiply(_input(node, 0, rows), _input(node, 1, rows), dtype=np.float32)  # type: ignore[no-any-return]
        case other:
            assert other == "Reshape"
            return _input(node, 0, rows)


def _input(node: Any, number: int, rows: slice) -> npt.NDArray[Any]:
    return _values(node.input_value(number).get_node(), rows)


def _constant(node: Any) -> npt.NDArray[Any]:
    values: npt.NDArray[Any] = node.data
    if node.get_element_type().get_type_name() == "u4":  # two in a byte, the lower half first
        values = np.stack((values & 15, values >> 4), axis=-1)
    return values.reshape(node.get_output_shape(0))
