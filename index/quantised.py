"""Rewrites the linear layers of an OpenVINO graph to weights in bytes, a scale for each group of a row.

Which layers, which groups and how exactly the scales are kept is the caller's choice: `index.running` for encoders,
`qa.models.bytes` for language models.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt


def linear_layers(model: Any) -> Iterator[tuple[Any, Any]]:  # of openvino.Model
    """Each multiplication by a transposed matrix, and the node that gives the matrix."""
    for node in model.get_ops():
        if node.get_type_name() == "MatMul" and node.get_attributes()["transpose_b"]:
            yield node, node.input_value(1).get_node()


def dequantised(numbers: npt.NDArray[np.int8], scales: npt.NDArray[Any]) -> Any:
    """The output of nodes that give a matrix, (rows, columns) float32, from bytes and scales.

    `numbers` is (rows, groups, group) int8, `scales` (rows, groups, 1) float16 or float32.
    """
    from openvino import opset13

    rows, groups, group = numbers.shape
    exact = scales.dtype == np.float32
    wide = opset13.convert(opset13.constant(numbers, dtype=np.int8), "f32" if exact else "f16")
    shape = opset13.constant(np.array([rows, groups * group], dtype=np.int64))
    matrix = opset13.reshape(opset13.multiply(wide, opset13.constant(scales)), shape, special_zero=False)
    return (matrix if exact else opset13.convert(matrix, "f32")).output(0)
