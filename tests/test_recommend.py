"""Which model suits which machine.

Exact advice for machines of which everything is given, and the table of docs/models.md, which is made of it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from qa.cli import run
from qa.commands.session import Session
from qa.models.catalog import CATALOG, DEFAULT_MODEL, find
from qa.models.processor import SLOW
from qa.models.recommend import Machine, machine, on_processor, recommend

GB = 1_000_000_000
DOCS = Path(__file__).parent.parent / "docs" / "models.md"
MACHINES = {"8 GB": ("8", "0"), "16 GB": ("16", "0"), "32 GB": ("32", "0"), "32 GB and a GPU with 24 GB": ("32", "24")}


def advised(tmp_path: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert (
        run(("models", "recommend", *arguments), Session(environ={}, cwd=tmp_path, user_file=tmp_path / "user.toml"))
        == 0
    )
    return capsys.readouterr().out


def name(memory: int, gpu: int = 0) -> tuple[str, str] | None:
    advice = recommend(Machine(memory * GB, 2, gpu * GB))
    return None if advice is None else (advice.model.name, advice.engine)


def test_the_best_that_fits_is_recommended() -> None:
    assert [name(memory) for memory in (1, 3, 6, 8, 12, 13, 16, 32, 64)] == [
        None,
        ("qwen2.5-coder-0.5b-instruct", "openvino"),
        ("qwen3-1.7b", "openvino"),
        ("qwen3-1.7b", "openvino"),
        ("qwen3-1.7b", "openvino"),
        ("qwen3-4b-instruct-2507", "openvino"),
        ("qwen3-4b-instruct-2507", "openvino"),
        ("qwen3-4b-instruct-2507", "openvino"),
        ("qwen3-4b-instruct-2507", "openvino"),
    ]


def test_a_gpu_is_used_where_the_weights_fit_it_and_the_memory() -> None:
    assert name(32, 24) == ("qwen3-4b-instruct-2507", "transformers")
    assert name(16, 6) == ("qwen3-4b-instruct-2507", "openvino")  # 9.5 GB do not fit the GPU, 9.5 of 16 fit the memory
    # converting the larger one passes 8 GB of weights through 8 GB of memory
    assert name(8, 24) == ("qwen3-1.7b", "transformers")


def test_the_default_stays_where_nothing_with_a_figure_fits() -> None:
    default = find(DEFAULT_MODEL)
    assert default is not None
    unknown = [replace(model, published=None) for model in CATALOG]
    advice = recommend(Machine(64 * GB, 2), unknown)
    assert advice == on_processor(default)
    assert (advice.seconds, advice.estimated) == (5.3, False)


def test_on_a_processor_that_does_not_multiply_bytes_what_takes_over_a_minute_is_not_recommended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Machine(32 * GB, 2, bytes=False)
    advice = recommend(slow)
    assert advice is not None
    assert (advice.model.name, advice.seconds) == ("qwen3-1.7b", 33.1)
    assert recommend(replace(slow, gpu=24 * GB)) == recommend(Machine(32 * GB, 2, 24 * GB))
    monkeypatch.setattr("qa.models.recommend.machine", lambda: slow)
    told = advised(tmp_path, capsys).splitlines()
    assert told[1] == f"processor: {SLOW}"
    assert told[6].endswith("4.0 GB of memory, 30 s an answer on two cores")
    found = json.loads(advised(tmp_path, capsys, "--json"))
    assert (found["machine"]["bytes"], found["default"]["seconds"]) == (False, 29.7)


def test_what_it_takes_on_a_gpu_is_worked_out_from_16_bits() -> None:
    advice = recommend(Machine(32 * GB, 8, 24 * GB))
    assert advice is not None
    assert (advice.disk, advice.memory, advice.seconds, advice.estimated) == (
        2_497_280_736 + 8_040_000_000,
        8_040_000_000 + 1_500_000_000,
        None,
        True,
    )


def test_this_machine_has_memory_and_cores() -> None:
    here = machine()
    assert here.memory > 10**8
    assert here.cores >= 1
    assert here.gpu >= 0


def test_a_person_is_told_costs_gains_and_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert advised(tmp_path, capsys, "--memory", "16", "--cores", "4", "--gpu", "0").splitlines() == [
        "16.0 GB of memory, 4 cores, no GPU",
        "recommended: qwen3-4b-instruct-2507 (Apache-2.0)",
        "  costs: 2.5 GB to download, about 7.0 GB of disk, about 9.5 GB of memory, about 14 s an answer on two cores "
        "(estimated from its size)",
        "  brings: two and a half times the default; never thinks aloud; follows 83 % of instructions to the letter "
        "(IFEval, as its makers publish it); "
        "it was not measured here",
        "the default, and the one that is tested here: qwen2.5-coder-1.5b-instruct",
        "  costs: 1.1 GB to download, 2.8 GB of disk, 4.0 GB of memory, 5 s an answer on two cores",
        'to use it: qa models fetch qwen3-4b-instruct-2507, then model = "qwen3-4b-instruct-2507" in qa.toml',
    ]
    on_gpu = advised(tmp_path, capsys, "--memory", "32", "--cores", "8", "--gpu", "24").splitlines()
    assert on_gpu[0] == "32.0 GB of memory, 8 cores, a GPU with 24.0 GB"
    assert on_gpu[2].endswith(
        "about 9.5 GB of the GPU's memory, seconds an answer: not measured (estimated from its size)"
    )
    assert on_gpu[-1].endswith('then model = "qwen3-4b-instruct-2507" and engine = "transformers" in qa.toml')
    assert advised(tmp_path, capsys, "--memory", "1", "--cores", "1", "--gpu", "0").splitlines() == [
        "1.0 GB of memory, 1 core, no GPU",
        "no model of the catalogue fits: run one on another machine, behind a server (docs/models.md)",
    ]


def test_the_table_of_the_documentation_is_what_the_program_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = []
    for label, (memory, gpu) in MACHINES.items():
        found = json.loads(advised(tmp_path, capsys, "--memory", memory, "--cores", "2", "--gpu", gpu, "--json"))[
            "recommended"
        ]
        sizes = " | ".join(f"{found[key] / 1e9:.1f} GB" for key in ("download", "disk", "memory"))
        seconds = "not measured" if found["seconds"] is None else f"{found['seconds']:.0f}"
        rows.append(f"| {label} | `{found['name']}` | {found['engine']} | {sizes} | {seconds} |")
    table = DOCS.read_text(encoding="utf-8").partition("| machine | recommended |")[2].splitlines()[2:6]
    assert table == rows


def test_every_answering_model_of_the_catalogue_is_in_the_documentation() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for model in CATALOG:
        assert f"| `{model.name}` | {model.licence} |" in text
