"""Builds the wheel: there the folder `index` is the package `qa._index`, because a package called `index` would collide with others that are published.

In a checkout, and in one installed with `pip install --editable`, nothing moves. Everything else about the package stands in pyproject.toml.
"""

import re
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

FOLDER, PLACE = "index", "qa._index"
# as statements, and in the program that `index.isolated` starts
_IMPORTS = re.compile(rf"\b(from|import) {FOLDER}(?=[.\s])")
_NAMES = re.compile(rf"(?<=\"){FOLDER}(?=\.[a-z_.]+\")")  # modules that are imported by their name


def moved(source: str) -> str:
    """A module as it stands in the wheel."""
    return _NAMES.sub(PLACE, _IMPORTS.sub(rf"\1 {PLACE}", source))


class Build(build_py):
    """Copies the modules, then moves those of `index` and rewrites what imports them."""

    def run(self) -> None:
        """Build into `build_lib`; an editable installation is left alone."""
        super().run()
        if self.editable_mode:
            return
        built = Path(self.build_lib)
        place = built.joinpath(*PLACE.split("."))
        shutil.rmtree(place, ignore_errors=True)  # of a build before
        (built / FOLDER).rename(place)
        for module in built.rglob("*.py"):
            module.write_bytes(moved(module.read_bytes().decode()).encode())


class Wheel(bdist_wheel):
    """A wheel whose metadata names the one package that it installs."""

    def egg2dist(self, egginfo_path: str, distinfo_path: str) -> None:
        """Write the metadata."""
        super().egg2dist(egginfo_path, distinfo_path)
        Path(distinfo_path, "top_level.txt").write_text("qa\n", encoding="utf-8")


setup(cmdclass={"build_py": Build, "bdist_wheel": Wheel})
