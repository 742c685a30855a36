from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest

from qa.models import engines
from qa.models.catalog import LocalModel
from qa.models.convert import dequantise_beside
from qa.models.engine import Message
from qa.models.requantise import requantise
from tests.conftest import fetched


def test_only_what_cannot_be_read_is_rewritten(tmp_path: Path) -> None:
    kinds = gguf.GGMLQuantizationType
    values = np.linspace(-1, 1, 128, dtype=np.float32).reshape(2, 64)
    source = tmp_path / "source.gguf"
    writer = gguf.GGUFWriter(source, "llama")
    writer.add_string("general.name", "toy")
    writer.add_array("tokenizer.ggml.tokens", ["a", "b"])
    writer.add_tensor("kept", values)
    writer.add_tensor("packed", gguf.quants.quantize(values, kinds.Q5_0), raw_dtype=kinds.Q5_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    requantise(source, tmp_path / "target.gguf")
    requantise(source, tmp_path / "again.gguf")

    reader = gguf.GGUFReader(tmp_path / "target.gguf")
    assert reader.fields["general.architecture"].contents() == "llama"
    assert reader.fields["general.name"].contents() == "toy"
    assert reader.fields["tokenizer.ggml.tokens"].contents() == ["a", "b"]
    kept, packed = reader.tensors
    assert (kept.name, kept.tensor_type.name, packed.name, packed.tensor_type.name) == ("kept", "F32", "packed", "Q8_0")
    np.testing.assert_array_equal(kept.data, values)
    five_bits = gguf.quants.dequantize(gguf.quants.quantize(values, kinds.Q5_0), kinds.Q5_0)
    np.testing.assert_allclose(gguf.quants.dequantize(packed.data, kinds.Q8_0), five_bits, atol=1 / 127)
    assert (tmp_path / "again.gguf").read_bytes() == (tmp_path / "target.gguf").read_bytes()


@pytest.mark.model
def test_transformers_runs_a_gguf_through_a_copy_that_is_made_once(tmp_path: Path) -> None:
    published = fetched("smollm2-135m-instruct").gguf
    assert published is not None
    gguf = tmp_path / "model.gguf"
    gguf.symlink_to(published)
    model = engines.load(LocalModel("small", "answer", "d", tmp_path, None, gguf, None), engine="transformers")
    made = tmp_path / "safetensors" / "model.safetensors"
    written = made.stat().st_mtime_ns
    assert dequantise_beside(gguf) == tmp_path / "safetensors"
    assert made.stat().st_mtime_ns == written
    assert (
        "Paris"
        in model.generate([Message("user", "Name the capital of France in one short sentence.")], max_tokens=24).text
    )
