"""Damage to models: found before anything is loaded, named, and mended by the command that the hint names, which fetches nothing that is whole."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import ModelError
from qa.models.catalog import File, Model
from qa.models.fetch import fetch
from qa.models.installed import (
    CHECKS,
    MANIFEST,
    Installed,
    all_installed,
    check,
    check_weights,
    identity,
    installed,
    record,
    verify,
    write,
)
from tests.test_fetch import CONFIG, WEIGHTS, Hub, toy

Spoil = Callable[[Path], object]


@pytest.fixture
def models(tmp_path: Path) -> Path:
    fetch(toy(), tmp_path / "models", from_hub=Hub())
    return tmp_path / "models"


def a_folder_in_its_place(file: Path) -> None:
    file.unlink()
    (file / "deep").mkdir(parents=True)


def a_bit(file: Path) -> None:
    status, content = file.stat(), bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(content)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def a_file_for_its_folder(file: Path) -> None:
    shutil.rmtree(file.parent)
    file.parent.write_text("in the way")


SPOILS: list[Spoil] = [
    a_folder_in_its_place,
    a_bit,
    Path.unlink,
    lambda file: file.write_bytes(b""),
    lambda file: file.write_bytes(file.read_bytes()[:-1]),
]


@pytest.mark.parametrize("name", ["config.json", "data/toy.safetensors"])
@pytest.mark.parametrize("spoil", [*SPOILS, a_file_for_its_folder])
def test_a_damaged_file_is_named_and_fetched_alone(models: Path, name: str, spoil: Spoil) -> None:
    if spoil is a_file_for_its_folder and "/" not in name:
        pytest.skip("its folder is the model's own")
    spoil(models / "toy" / name)
    there = installed("toy", models)
    assert there is not None
    for look in (check, verify):
        with pytest.raises(ModelError, match=f"the model toy is damaged: .*{name}$") as damaged:
            look(there)
        assert damaged.value.hint == "qa models fetch toy"
    hub = Hub()
    fetch(toy(), models, thoroughly=True, from_hub=hub)
    assert [path for _, _, path in hub.asked] == [
        {"config.json": "config.json", "data/toy.safetensors": "toy-f16.safetensors"}[name]
    ]
    verify(all_installed(models)[0])
    assert (models / "toy" / "config.json").read_bytes() + (
        models / "toy" / "data/toy.safetensors"
    ).read_bytes() == CONFIG + WEIGHTS


@pytest.mark.parametrize("spoil", SPOILS)
def test_a_damaged_manifest_is_named_and_written_anew_without_the_network(models: Path, spoil: Spoil) -> None:
    spoil(models / "toy" / MANIFEST)
    if (models / "toy" / MANIFEST).exists():
        with pytest.raises(ModelError, match="the manifest of the model toy is damaged") as damaged:
            installed("toy", models)
        assert damaged.value.hint == "qa models fetch toy"
    else:
        assert installed("toy", models) is None
    hub = Hub()
    fetch(toy(), models, from_hub=hub)
    assert hub.asked == []
    verify(all_installed(models)[0])


def test_one_bit_anywhere_in_a_manifest_is_found(models: Path) -> None:
    file, draw = models / "toy" / MANIFEST, random.Random(1)
    sound = file.read_bytes()
    before = installed("toy", models)
    for _ in range(300):
        broken = bytearray(sound)
        broken[draw.randrange(len(sound))] ^= 1 << draw.randrange(8)
        file.write_bytes(broken)
        try:
            now = installed("toy", models)
        except ModelError:
            continue
        # white space, or a time: a file of another time is read
        assert now is not None
        assert before is not None
        assert [(one.path, one.size, one.sha256) for one in now.files] == [
            (one.path, one.size, one.sha256) for one in before.files
        ]
        assert (now.name, now.digest, now.licence) == (before.name, before.digest, before.licence)


@pytest.mark.parametrize("spoil", SPOILS)
def test_damaged_checks_do_no_harm(models: Path, spoil: Spoil) -> None:
    spoil(models / "toy" / CHECKS)
    try:
        there = installed("toy", models)
        assert there is not None
        check(there)
    except ModelError as error:
        assert error.hint == "qa models fetch toy"  # noqa: PT017 (it may or may not be raised)
    hub = Hub()
    fetch(toy(), models, from_hub=hub)
    fetch(toy(), models, from_hub=hub)
    assert hub.asked == []
    verify(all_installed(models)[0])


def test_a_model_of_an_older_version_is_read_once_and_its_manifest_stays_as_that_version_takes_it(models: Path) -> None:
    (models / "toy" / CHECKS).unlink()
    there = installed("toy", models)
    assert there is not None
    assert [file.crc32 for file in there.files] == [None, None]
    check(there)
    again = installed("toy", models)
    assert again is not None
    assert None not in [file.crc32 for file in again.files]
    assert {frozenset(file) for file in json.loads((models / "toy" / MANIFEST).read_text())["files"]} == {
        frozenset({"path", "size", "sha256", "mtime_ns"})
    }


def test_weights_too_large_to_be_read_at_once_are_read_beside_the_loading(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.models.installed.READ_AT_ONCE", 100)
    monkeypatch.setattr("qa.models.installed._SMALL", 100)
    a_bit(models / "toy" / "data/toy.safetensors")
    there = installed("toy", models)
    assert there is not None
    check(there)
    with pytest.raises(ModelError, match=r"toy\.safetensors$"):
        check_weights(there)


def converted(models: Path) -> Model:
    """A model with a GGUF that nothing could convert, and what it was converted to."""
    files = (
        File("config.json", "config.json", len(CONFIG), toy().files[0].sha256, ()),
        File("model.gguf", "toy-f16.safetensors", len(WEIGHTS), toy().files[1].sha256, ()),
    )
    folder = models / "gguf"
    (folder / "openvino").mkdir(parents=True)
    (folder / "config.json").write_bytes(CONFIG)
    (folder / "model.gguf").write_bytes(WEIGHTS)
    (folder / "openvino" / "openvino_model.xml").write_bytes(b"<net/>")
    (folder / "openvino" / "openvino_model.bin").write_bytes(b"\x01" * 5000)
    model = Model("gguf", "answer", "", "org/gguf", "r", "MIT", files, 10_000, 10_000)
    recorded = record(
        folder, ["config.json", "model.gguf", "openvino/openvino_model.xml", "openvino/openvino_model.bin"]
    )
    digest = identity((file.path, file.sha256) for file in recorded if not file.path.startswith("openvino/"))
    write(Installed("gguf", "answer", digest, "hub", "org/gguf", "r", "MIT", "openvino 1", folder, recorded))
    return model


@pytest.mark.parametrize("name", ["config.json", "model.gguf"])
def test_what_a_model_was_converted_to_is_kept_where_it_is_whole(models: Path, name: str) -> None:
    pytest.importorskip("openvino_genai")
    model = converted(models)
    a_bit(models / "gguf" / name)
    fetch(model, models, thoroughly=True, from_hub=Hub())
    verify(next(each for each in all_installed(models) if each.name == "gguf"))
    assert (models / "gguf" / "openvino" / "openvino_model.bin").read_bytes() == b"\x01" * 5000


def test_a_bit_of_what_a_model_was_converted_to_is_found_at_the_start(models: Path) -> None:
    converted(models)
    for name in ("openvino_model.xml", "openvino_model.bin"):
        a_bit(models / "gguf" / "openvino" / name)
        there = next(each for each in all_installed(models) if each.name == "gguf")
        with pytest.raises(ModelError, match=f"{name}$"):
            check(there)
        a_bit(models / "gguf" / "openvino" / name)
        check(there)


def test_models_that_may_only_be_read_need_no_writing(models: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (models / "toy" / CHECKS).unlink()
    (models / "toy").chmod(0o555)
    try:
        there = installed("toy", models)
        assert there is not None
        check(there)
    finally:
        (models / "toy").chmod(0o755)
