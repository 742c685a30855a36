from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa.models.bytes import GROUP, to_bytes

pytestmark = pytest.mark.skipif(find_spec("openvino") is None, reason="openvino has no wheel for this platform")


def packed(rng: np.random.Generator, shape: tuple[int, int], kind: str) -> Any:
    """A matrix as a converted GGUF has it: whole numbers of 4 or 8 bits with a zero point and a scale for each 32."""
    import openvino
    from openvino import opset13

    rows, columns = shape
    top = {"u4": 16, "u8": 256}[kind]

    def whole(*size: int) -> Any:
        return opset13.convert(
            openvino.op.Constant(
                getattr(openvino.Type, kind), openvino.Shape(size), rng.integers(0, top, size).ravel().tolist()
            ),
            "f16",
        )

    scale = opset13.constant(rng.uniform(0.001, 0.01, (rows, columns // 32, 1)).astype(np.float16))
    values = opset13.multiply(opset13.subtract(whole(rows, columns // 32, 32), whole(rows, columns // 32, 1)), scale)
    return opset13.convert(
        opset13.reshape(values, opset13.constant([rows, columns], np.int64), special_zero=False), "f32"
    )


def toy(folder: Path) -> None:
    """Two packed matrices that can be in bytes, one whose rows are too short, and one that is not packed.

    And a tokenizer's file.
    """
    import openvino
    from openvino import opset13

    rng = np.random.default_rng(0)
    given = opset13.parameter([-1, 256], np.float32, name="given")
    step = opset13.matmul(given, packed(rng, (128, 256), "u4"), False, True)
    step = opset13.matmul(step, packed(rng, (96, 128), "u8"), False, True)
    step = opset13.matmul(step, packed(rng, (64, 96), "u4"), False, True)
    step = opset13.matmul(step, opset13.constant(rng.uniform(-1, 1, (8, 64)).astype(np.float32)), False, True)
    folder.mkdir()
    openvino.save_model(openvino.Model([step], [given]), folder / "openvino_model.xml", compress_to_fp16=False)
    (folder / "openvino_tokenizer.xml").write_text("the tokenizer")


def weights(folder: Path) -> list[tuple[str, np.ndarray[Any, Any]]]:
    """What each matrix is kept as, and what it is once it is unpacked, in the order in which they are multiplied."""
    import openvino
    from openvino import opset13

    core = openvino.Core()
    found = []
    for node in core.read_model(folder / "openvino_model.xml").get_ordered_ops():
        if node.get_type_name() == "MatMul":
            kept = node.input_value(1).get_node()
            whole = core.compile_model(
                openvino.Model([opset13.result(kept)], []), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
            )([])[0]
            while kept.get_type_name() != "Constant":
                kept = kept.input_value(0).get_node()
            found.append((kept.get_element_type().get_type_name(), np.array(whole)))
    return found


def test_packed_weights_become_bytes_and_stay_what_they_were(tmp_path: Path) -> None:
    toy(tmp_path / "packed")
    for made in ("once", "again"):
        (tmp_path / made).mkdir()
        to_bytes(tmp_path / "packed", tmp_path / made)
    before, after = weights(tmp_path / "packed"), weights(tmp_path / "once")
    assert [kind for kind, _ in before] == ["u4", "u8", "u4", "f32"]
    assert [kind for kind, _ in after] == ["i8", "i8", "u4", "f32"]
    for (_, was), (kind, now) in zip(before, after, strict=True):
        if kind == "i8":
            largest = np.abs(was.reshape(len(was), -1, GROUP)).max(axis=-1, keepdims=True)
            # half a step, and the scale in 16 bits
            assert (np.abs(now - was).reshape(len(was), -1, GROUP) <= largest * (0.51 / 127 + 1 / 1024)).all()
        else:
            np.testing.assert_array_equal(now, was)
    assert (tmp_path / "once" / "openvino_tokenizer.xml").read_text() == "the tokenizer"
    assert (tmp_path / "once" / "openvino_model.bin").read_bytes() == (
        tmp_path / "again" / "openvino_model.bin"
    ).read_bytes()


def test_the_engine_is_told_to_round_activations_in_the_same_groups(tmp_path: Path) -> None:
    import openvino

    toy(tmp_path / "packed")
    (tmp_path / "made").mkdir()
    to_bytes(tmp_path / "packed", tmp_path / "made")
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(tmp_path / "made" / "openvino_model.xml"), "CPU")
    assert compiled.get_property("DYNAMIC_QUANTIZATION_GROUP_SIZE") == GROUP
