"""Rotary embeddings whose frequencies a GGUF scales one by one, as Llama 3.1 and later do for long texts.

Other readers ignore the tensor that holds the scales; here it is applied.

Without it a model sees later tokens turned too far: tests/test_architectures.py shows by how much.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

_TENSOR = "rope_freqs.weight"
_LOW, _HIGH = 1.0, 4.0  # the same in every Llama; what differs are the factor and the length that they count from
_LENGTHS = tuple(2**power for power in range(6, 18))


@dataclass(frozen=True, slots=True)
class Rotations:
    """How far each pair of a head turns from token to token: `base` to some power, divided by `scales`, (head size / 2,) float64."""

    base: float
    scales: npt.NDArray[np.float64]

    @property
    def frequencies(self) -> npt.NDArray[np.float64]:
        """In radians, (head size / 2,)."""
        count = len(self.scales)
        return _plain(self.base, count) / self.scales

    def parameters(self) -> dict[str, Any]:
        """The same as transformers writes it in a configuration.

        Raises `ModelError` where no configuration gives these scales.
        """
        count, factor = len(self.scales), float(self.scales.max())
        turns = _plain(self.base, count) / (2 * np.pi)
        for length in _LENGTHS:
            share = np.clip((length * turns - _LOW) / (_HIGH - _LOW), 0, 1)
            if np.allclose(1 / (share + (1 - share) / factor), self.scales, rtol=1e-3):
                shares = {
                    "factor": factor,
                    "low_freq_factor": _LOW,
                    "high_freq_factor": _HIGH,
                    "original_max_position_embeddings": length,
                }
                return {"rope_type": "llama3", "rope_theta": self.base, **shares}
        raise ModelError("its rotations are scaled in a way that transformers has no name for", "use --engine openvino")


def rotations(path: Path) -> Rotations | None:
    """What the GGUF says of its rotations; None where it leaves them as they are."""
    import gguf

    reader = gguf.GGUFReader(path)
    found = next((tensor for tensor in reader.tensors if tensor.name == _TENSOR), None)
    if found is None:
        return None
    base = reader.fields.get(f"{reader.fields['general.architecture'].contents()}.rope.freq_base")
    return Rotations(10000.0 if base is None else float(base.contents()), np.array(found.data, dtype=np.float64))


def rotate(model: Any, wanted: Rotations) -> None:
    """Give an OpenVINO model these rotations. Raises `ModelError` where it is not known what they stand in."""
    from openvino import opset13

    count = len(wanted.scales)
    plain = _plain(wanted.base, count)
    held = [
        node
        for node in model.get_ops()
        if node.get_type_name() == "Constant"
        and list(node.get_output_shape(0)) == [1, count, 1]
        and np.allclose(node.data.ravel(), plain, rtol=2e-3, atol=1e-6)
    ]
    if len(held) != 1:
        raise ModelError(
            "the rotations that the file asks for cannot be set in the converted model", "use --engine transformers"
        )
    (unpacked,) = (port.get_node() for port in held[0].output(0).get_target_inputs())
    exact = opset13.constant(wanted.frequencies.astype(np.float32).reshape(1, count, 1))
    for port in unpacked.output(0).get_target_inputs():
        port.replace_source_output(exact.output(0))


def _plain(base: float, count: int) -> npt.NDArray[np.float64]:
    plain: npt.NDArray[np.float64] = base ** -(np.arange(count) / count)
    return plain
