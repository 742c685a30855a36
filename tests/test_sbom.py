"""The bill of materials and the list of licences.

Everything of the lock and of the catalogue, with the hashes that are checked.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import sbom
from bench.lock import hashes_of
from qa.models.catalog import CATALOG, File, Model

LOCK = (Path(__file__).parent.parent / "requirements.lock").read_text(encoding="utf-8")
A, B = "a" * 64, "b" * 64
TOY = Model("toy", "embed", "a toy", "org/toy", "0" * 40, "MIT", (File("toy.gguf", "toy.gguf", 1, A, ()),), 1, 1)
PANDOC = sbom.Package("pypandoc-binary", "1.17", "MIT", (), (A,))
FREE = sbom.Package("free", "1.0", "The Free Licence, as it were", ("pypandoc-binary", "unlocked"), (A, B))
ELSEWHERE = sbom.Package("elsewhere", "2.0", None, (), (B,))


def test_a_bill_names_everything_with_its_hashes_and_licence() -> None:
    bill = sbom.bill([ELSEWHERE, FREE, PANDOC], [TOY])
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["components"] == [
        {
            "type": "library", "bom-ref": "pkg:pypi/elsewhere@2.0", "name": "elsewhere", "version": "2.0", "purl": "pkg:pypi/elsewhere@2.0",
            "hashes": [{"alg": "SHA-256", "content": B}],
        },
        {
            "type": "library", "bom-ref": "pkg:pypi/free@1.0", "name": "free", "version": "1.0", "purl": "pkg:pypi/free@1.0",
            "hashes": [{"alg": "SHA-256", "content": A}, {"alg": "SHA-256", "content": B}],
            "licenses": [{"license": {"name": "The Free Licence, as it were"}}],
        },
        {
            "type": "library", "bom-ref": "pkg:pypi/pypandoc-binary@1.17", "name": "pypandoc-binary", "version": "1.17",
            "purl": "pkg:pypi/pypandoc-binary@1.17",
            "hashes": [{"alg": "SHA-256", "content": A}], "licenses": [{"expression": "MIT"}],
            "components": [{"type": "library", "name": "pandoc", "licenses": [{"expression": "GPL-2.0-or-later"}]}],
        },
        {
            "type": "machine-learning-model", "bom-ref": f"pkg:huggingface/org/toy@{'0' * 40}", "name": "toy", "version": "0" * 40,
            "purl": f"pkg:huggingface/org/toy@{'0' * 40}", "licenses": [{"expression": "MIT"}],
            "components": [{"type": "file", "name": "toy.gguf", "hashes": [{"alg": "SHA-256", "content": A}]}],
        },
    ]  # fmt: skip
    assert {"ref": "pkg:pypi/free@1.0", "dependsOn": ["pkg:pypi/pypandoc-binary@1.17"]} in bill["dependencies"]  # type: ignore[operator]


def test_the_licences_are_one_a_line() -> None:
    assert list(sbom.licences([ELSEWHERE, PANDOC], [TOY]))[1:] == [
        "elsewhere 2.0: not installed here",
        "pypandoc-binary 1.17: MIT",
        "  carries pandoc: GPL-2.0-or-later",
        "toy (model, org/toy): MIT",
    ]


def test_the_whole_lock_and_catalogue_are_in_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["sbom"])
    sbom.main()
    bill = json.loads(capsys.readouterr().out)
    found = {
        (each["name"], each["version"]): {digest["content"] for digest in each["hashes"]}
        for each in bill["components"]
        if each["type"] == "library"
    }
    assert found == hashes_of(LOCK)
    models = [each for each in bill["components"] if each["type"] == "machine-learning-model"]
    assert [each["name"] for each in models] == [model.name for model in CATALOG]
    assert [[file["hashes"][0]["content"] for file in each["components"]] for each in models] == [
        [file.sha256 for file in model.files] for model in CATALOG
    ]
    refs = [each["bom-ref"] for each in bill["components"]]
    assert len(set(refs)) == len(refs)
    assert all(set(each["dependsOn"]) <= set(refs) for each in bill["dependencies"])
    assert len(next(each for each in bill["dependencies"] if each["ref"] == "vouch-qa")["dependsOn"]) > 20
