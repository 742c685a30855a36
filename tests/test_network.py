"""No command reaches the network.

Each runs as a process of its own in a namespace without one, and whatever it or a process of its starts is counted.

Counted twice: by an audit hook in every Python process, which sees what is tried and refused, and by strace, which sees
what libraries in C do. Beside the program lies a package that OpenVINO would load and that reports every start, as the
real one does.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import MODELS
from tests.test_process import MAIN, REPOSITORY, environment

WITH_FAKES = """
import sys
from pathlib import Path
from qa.cli import run
from qa.commands.noise import leave_at_once, silence
from qa.commands.session import Loaders, Session
from tests.fakes import FakeEmbedder, FakeModel

def embedder(settings):
    import huggingface_hub
    try:
        import openvino
    except ImportError:  # it has no wheel for some platforms
        pass
    return FakeEmbedder()

silence()
leave_at_once()
model = FakeModel(lambda _: "The river Alder is 210 kilometres long.")
sys.exit(run(sys.argv[1:], Session(loaders=Loaders(embedder=embedder, model=lambda _: model), user_file=Path("user.toml"))))
"""
COUNTER = """
import os, socket, sys

TRIED = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}

def count(event, arguments):
    if event in TRIED and getattr(arguments[0], "family", None) != socket.AF_UNIX:
        with open(os.environ["TRIED"], "a") as log:
            print(event, arguments[1:] if hasattr(arguments[0], "family") else arguments[:1], file=log)

sys.addaudithook(count)
"""
TELEMETRY = """
import urllib.request
from pathlib import Path

Path.home().joinpath("intel").mkdir(exist_ok=True)
Path.home().joinpath("intel", "ran").touch()
try:
    urllib.request.urlopen("http://192.0.2.1/collect", timeout=1)
except OSError:
    pass
"""
PLAN = "# Rivers\n\n## Length\n\n- How long is the river Alder?\n"
QUESTION = "How long is the river Alder?"
QUOTE = "It is 210 kilometres long"
COMMANDS: dict[str, list[str]] = {
    "index": ["index", "river.txt"],
    "search": ["search", "river"],
    "ask": ["ask", QUESTION],
    "chat": ["chat"],
    "batch": ["batch", "q.txt", "-o", "out.jsonl"],
    "memo": ["memo", "plan.md", "-o", "memo.md"],
    "memo in HTML": ["memo", "plan.md", "-o", "memo.html"],
    "memo in Word": ["memo", "plan.md", "-o", "memo.docx"],
    "memo in PDF": ["memo", "plan.md", "-o", "memo.pdf"],
    "cite": ["cite", QUOTE],
    "verify": ["verify", "memo.md"],
    "verify Word": ["verify", "memo.docx"],
    "eval": ["eval", "eval.csv"],
    "sources": ["sources", "list"],
    "models": ["models", "list"],
    "settings": ["settings"],
    "doctor": ["doctor", "--json"],
}
KNOWN = {".cache", ".local", ".config"}  # where the platform keeps caches, state and settings

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="there are no namespaces, and pairs of sockets are made over the machine's own address"
)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left: its exit code and output, what was tried in Python, and the system calls that name an address."""

    code: int
    out: str
    err: str
    tried: str
    calls: list[str]


class Sealed:
    """Runs commands without a network, counting. `home` is theirs alone."""

    def __init__(self, folder: Path, program: str) -> None:
        self.folder = folder
        self.home = folder / "home"
        self._program = program
        self._beside = folder / "beside"
        (self._beside / "openvino_telemetry" / "backend").mkdir(parents=True)
        (self._beside / "sitecustomize.py").write_text(COUNTER)
        (self._beside / "openvino_telemetry" / "__init__.py").write_text(TELEMETRY)
        (self._beside / "openvino_telemetry" / "backend" / "__init__.py").write_text("backend_ga4 = None")
        self.home.mkdir(parents=True)
        (folder / "work").mkdir()

    def qa(self, *arguments: str, typed: str = "", **environ: str) -> Ran:
        """One command, with this on its standard input."""
        tried, calls = self.folder / "tried", self.folder / "calls"
        for log in (tried, calls):
            log.write_text("")
        tracing = (
            ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(calls)]
            if TRACED
            else []
        )
        done = subprocess.run(
            [*NAMESPACE, *tracing, sys.executable, "-c", self._program, *arguments], cwd=self.folder / "work",
            env=environment(PYTHONPATH=os.pathsep.join([str(self._beside), str(REPOSITORY)]), TRIED=str(tried), **self._at_home(), **environ),
            input=typed, capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip
        named = [line for line in calls.read_text().splitlines() if re.search(r"sa_family=(?!AF_UNIX\b)", line)]
        return Ran(done.returncode, done.stdout, done.stderr, tried.read_text(), named)

    def _at_home(self) -> dict[str, str]:
        """A home of its own, also where the user who runs the tests keeps settings and caches elsewhere."""
        folders = {
            "XDG_CACHE_HOME": ".cache",
            "XDG_CONFIG_HOME": ".config",
            "XDG_DATA_HOME": ".local/share",
            "XDG_STATE_HOME": ".local/state",
        }
        return {"HOME": str(self.home)} | {name: str(self.home / folder) for name, folder in folders.items()}


def _namespace() -> list[str]:
    """What runs a command in a namespace without a network, here; nothing where that cannot be had."""
    for options in (["--net"], ["--net", "--map-root-user"]):
        if (
            shutil.which("unshare")
            and subprocess.run(["unshare", *options, "true"], capture_output=True, check=False).returncode == 0
        ):
            return ["unshare", *options]
    return []


NAMESPACE = _namespace()
TRACED = (
    shutil.which("strace") is not None
    and subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-o", os.devnull, "true"], capture_output=True, check=False
    ).returncode
    == 0
)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    here = Sealed(tmp_path_factory.mktemp("sealed"), WITH_FAKES)
    work = here.folder / "work"
    (work / "river.txt").write_text(
        "The river Alder is long. It is 210 kilometres long and carries timber.\n", encoding="utf-8"
    )
    (work / "q.txt").write_text(f"{QUESTION}\n")
    (work / "plan.md").write_text(PLAN)
    (work / "eval.csv").write_text(f"question,expect\n{QUESTION},answered\n")
    return here


@pytest.fixture(scope="module")
def ran(sealed: Sealed) -> dict[str, Ran]:
    """Every command, in order, with stand-ins for the models and the real libraries around them."""
    return {
        name: sealed.qa(*arguments, typed=f"{QUESTION}\n/quit\n" if name == "chat" else "")
        for name, arguments in COMMANDS.items()
    }


@pytest.mark.parametrize("name", COMMANDS)
class TestEveryCommand:
    @pytest.mark.skipif(not NAMESPACE, reason="this platform has no network namespaces for this user")
    def test_does_its_work_without_a_network(self, ran: dict[str, Ran], name: str) -> None:
        expected = 1 if name == "doctor" else 0  # it misses the models, which are stand-ins
        assert (ran[name].code, "Traceback" in ran[name].err) == (expected, False), ran[name].err

    def test_tries_no_connection_in_python(self, ran: dict[str, Ran], name: str) -> None:
        assert ran[name].tried == ""

    @pytest.mark.skipif(not TRACED, reason="strace is not installed, or may not trace")
    def test_makes_no_system_call_with_an_address(self, ran: dict[str, Ran], name: str) -> None:
        assert ran[name].calls == []


def test_the_answers_are_the_usual_ones(sealed: Sealed, ran: dict[str, Ran]) -> None:
    """What was counted did work: a command that fails at once connects nowhere either."""
    answer = "The river Alder is 210 kilometres long."
    assert f"{answer} [1]" in ran["ask"].out
    assert f"{answer} [1]" in ran["chat"].out
    assert json.loads((sealed.folder / "work" / "out.jsonl").read_text())["sentences"][0]["text"] == answer
    assert answer in (sealed.folder / "work" / "memo.md").read_text()
    assert QUOTE in ran["cite"].out


def test_nothing_is_written_at_home_but_the_known_folders(sealed: Sealed, ran: dict[str, Ran]) -> None:
    assert ran
    assert {path.name for path in sealed.home.iterdir()} <= KNOWN
    assert all(
        path.relative_to(sealed.home).as_posix().startswith((".cache/vouch", ".local/state/vouch", ".config/vouch"))
        for path in files(sealed.home)
    )


def test_the_counters_count(sealed: Sealed) -> None:
    """A program that loads the telemetry and asks for an address is seen by both."""
    seen = Sealed(
        sealed.folder / "seen",
        "import openvino_telemetry, socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))",
    )
    done = seen.qa()
    assert "socket.connect" in done.tried
    assert (seen.home / "intel" / "ran").exists()
    assert bool(done.calls) == TRACED


def test_doctor_says_what_could_reach_the_network_and_that_it_does_not(ran: dict[str, Ran]) -> None:
    found = {
        each["what"]: each for each in json.loads(ran["doctor"].out)["findings"] if each["what"].startswith("network")
    }
    assert (
        found["network (connections)"]["state"]
        == "refused, whoever asks; only qa models fetch and qa index https://… make any"
    )
    assert found["network (model hub)"]["state"] == "offline"
    assert found["network (openvino_telemetry)"]["state"].endswith("and kept from loading")
    assert all(each["well"] for each in found.values())


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


@pytest.mark.model
def test_the_real_models_reach_nothing(tmp_path: Path) -> None:
    here = Sealed(tmp_path / "real", MAIN)
    environ = {"QA_MODELS": str(MODELS), "QA_LIBRARY": str(tmp_path / "library")}
    question = "What trade target did India and Russia set, and by when?"
    for arguments in (
        ["index", str(REPOSITORY / "seeds")],
        ["search", "trade target"],
        ["ask", question],
        ["serve", "--idle", "1s"],
    ):
        done = here.qa(*arguments, **environ)
        assert (done.code, done.tried, done.calls) == (0, "", []), (arguments, done.err)
    # in Vouch's own folder: the lock of `qa serve`, and the key that kept answers are signed with
    assert [file.name for file in files(here.home) if file.suffix != ".lock"] == ["answers.key"]
