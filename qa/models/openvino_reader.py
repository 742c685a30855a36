"""Run a model on OpenVINO's own runtime: it reads tokens and returns the logits after the last ones.

What was read can be kept and resumed.

Knows nothing of words, templates or answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.running import CACHED, bound_memory
from qa.models.engine import DEPTH

FloatArray = npt.NDArray[np.float32]
# what openvino-genai calls the last step of a layer
_LAYER = re.compile(r"^model\.layers\.self_attn\.add1\.layer(\d+)$")
_WAIT = 50  # milliseconds between two looks for Ctrl-C


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy of everything that was read so far."""

    caches: tuple[FloatArray, ...]  # one for each layer's keys and values: (1, heads, tokens, size)
    tokens: int


class Reader:
    """A model's memory of one conversation."""

    def __init__(self, folder: Path) -> None:
        """Raises RuntimeError when the folder holds no model that OpenVINO can run."""
        compiled = _compiled(folder)
        self._inside = len(compiled.outputs) > 1
        self._request = compiled.create_infer_request()
        self._mask: list[int] = []
        self._position = 0

    def clear(self) -> None:
        """Forget everything."""
        self._request.reset_state()
        self._mask, self._position = [], 0

    def feed(self, tokens: Sequence[int], *, last: int = 1) -> FloatArray:  # (last, vocabulary)
        """Read `tokens` on top of what was read: the logits after each of the `last` of them."""
        count = len(tokens)
        self._mask += [1] * count
        self._request.start_async(
            {
                "input_ids": np.array([tokens], dtype=np.int64),
                "attention_mask": np.array([self._mask], dtype=np.int64),
                "position_ids": np.arange(self._position, self._position + count, dtype=np.int64)[None],
                "beam_idx": np.zeros(1, dtype=np.int32),
                "rows": np.arange(count - last, count, dtype=np.int64),
            }
        )
        self._position += count
        try:
            while not self._request.wait_for(_WAIT):
                pass  # Ctrl-C is noticed here
        except BaseException:
            self._request.cancel()
            with suppress(RuntimeError):  # it says that it was cancelled
                self._request.wait()  # a request that still runs cannot be used again
            raise
        logits: FloatArray = self._request.get_output_tensor(0).data[0].copy()
        return logits

    def state(self) -> tuple[float, ...]:
        """The residual stream at the last token that was read, `DEPTH` of the way up the layers.

        Empty where the model does not tell its layers by name.
        """
        return tuple(self._request.get_output_tensor(1).data[0, -1].tolist()) if self._inside else ()

    def unread(self, count: int) -> None:
        """Hide the last `count` tokens: they stay in memory, but later tokens do not attend to them."""
        if count:
            self._mask[-count:] = [0] * count
            self._position -= count

    def keep(self) -> Kept:
        """Everything read so far, to be taken up with `resume`. Nothing may have been hidden by `unread`."""
        return Kept(tuple(state.state.data.copy() for state in self._request.query_state()), len(self._mask))

    def resume(self, kept: Kept) -> None:
        """Go on from where `kept` was made.

        What follows is the same, bit for bit, whatever was read in between. It may differ in the last bits from going
        on without `keep` and `resume`: OpenVINO packs the caches into bytes anew.
        """
        import openvino

        for state, cache in zip(self._request.query_state(), kept.caches, strict=True):
            state.state = openvino.Tensor(cache)
        self._mask, self._position = [1] * kept.tokens, kept.tokens


def _compiled(folder: Path) -> Any:
    """The model of a folder, made to give logits and the residual stream for chosen rows only.

    All logits of a prompt would be hundreds of megabytes.
    """
    import openvino
    from openvino import opset13

    bound_memory()
    core = openvino.Core()
    model = core.read_model(folder / "openvino_model.xml")
    head = model.output(0).get_node().input_value(0).get_node()
    if head.get_type_name() != "MatMul":
        raise RuntimeError("its last step is not the one from states to words")
    rows = opset13.parameter([-1], np.int64, name="rows")
    rows.output(0).set_names({"rows"})
    chosen = opset13.gather(head.input_value(0), rows, opset13.constant(1, np.int64))
    head.input(0).replace_source_output(chosen.output(0))
    model.add_parameters([rows])
    layers = {int(found[1]): step for step in model.get_ops() if (found := _LAYER.search(step.get_friendly_name()))}
    if layers:
        inside = opset13.gather(layers[round(DEPTH * len(layers)) - 1].output(0), rows, opset13.constant(1, np.int64))
        model.add_outputs([inside.output(0)])
    model.validate_nodes_and_infer_types()
    # no cache folder: loading a compiled copy took 9.8 s where compiling takes 3.6 s
    return core.compile_model(model, "CPU", {"PERFORMANCE_HINT": "LATENCY", "CPU_RUNTIME_CACHE_CAPACITY": CACHED})
