"""The program as a process of its own, run from this checkout whatever folder it works in.

How the benches that time or kill it start it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
# what is timed by itself: two articles say so, one differs
ASKED = "What trade target did India and Russia set, and by when?"
QA = (sys.executable, "-c", "from qa.cli import main; main()")


def environment(*places: Path) -> dict[str, str]:
    """The environment of the bench itself, with the checkout and `places` to import from.

    No answer is kept, so that what is timed is asked.
    """
    return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, *places))), "QA_KEPT_MB": "0"}


def index_seeds(folder: Path) -> None:
    """Make a library of the seeds in `folder`."""
    subprocess.run([*QA, "index", str(SEEDS), "--quiet"], cwd=folder, env=environment(), check=True)
