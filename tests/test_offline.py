"""Off the network: what every process is told, what it refuses, and what a fetch that was asked for still gets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
SHUT = {
    "HF_HUB_OFFLINE",
    "TRANSFORMERS_OFFLINE",
    "HF_HUB_DISABLE_TELEMETRY",
    "HF_HUB_DISABLE_UPDATE_CHECK",
    "DISABLE_TELEMETRY",
    "DO_NOT_TRACK",
}


def python(program: str, **environ: str) -> str:
    """What a new process prints that runs this."""
    outer = {name: value for name, value in os.environ.items() if name not in SHUT | {"VOUCH_SHUT", "VOUCH_REFUSES"}}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        env=outer | {"PYTHONPATH": str(REPOSITORY)} | environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


@pytest.mark.parametrize(
    "module",
    ["index", "index.errors", "qa", "qa.models.bytes", "qa.models.convert", "bench", "bench.plain", "tests.fakes"],
)
def test_whatever_is_imported_first_shuts_the_network(module: str, tmp_path: Path) -> None:
    (tmp_path / "openvino_telemetry").mkdir()
    (tmp_path / "openvino_telemetry" / "__init__.py").write_text("print('it ran')")
    program = f"""
import {module}, json, os
try:
    import openvino_telemetry
except ImportError:
    print(json.dumps(sorted(name for name in {sorted(SHUT)} if os.environ.get(name) == "1")))
"""
    assert json.loads(
        python(program, PYTHONPATH=os.pathsep.join([str(tmp_path), str(REPOSITORY)]), HF_HUB_OFFLINE="0")
    ) == sorted(SHUT)


def test_the_hub_client_reads_it() -> None:
    assert (
        python(
            "import qa; from huggingface_hub import constants; print(constants.HF_HUB_OFFLINE, "
            "constants.HF_HUB_DISABLE_TELEMETRY)"
        )
        == "True True"
    )


@pytest.mark.parametrize(
    ("given", "left"),
    [({}, []), ({"HF_HUB_OFFLINE": "yes"}, ["HF_HUB_OFFLINE"]), ({"DO_NOT_TRACK": "1"}, ["DO_NOT_TRACK"])],
)
def test_a_fetch_gets_the_environment_as_the_user_made_it(given: dict[str, str], left: list[str]) -> None:
    """Also in a program that another of ours started: what that one shut is not taken for the user's wish."""
    report = f"from index.offline import opened; print([name for name in {sorted(SHUT)} if name in opened()])"
    assert (
        python(
            f"{report}; import subprocess, sys; sys.stdout.flush(); subprocess.run([sys.executable, '-c', {report!r}])",
            **given,
        )
        == f"{left}\n{left}"
    )


ATTEMPTS = {
    "a name is looked up": "socket.getaddrinfo('a.invalid', 443)",
    "a name is looked up the old way": "socket.gethostbyname('a.invalid')",
    "an address is looked up": "socket.gethostbyaddr('192.0.2.1')",
    "a connection": "socket.socket().connect(('192.0.2.1', 9))",
    "a connection whose failure is a number": "socket.socket().connect_ex(('192.0.2.1', 9))",
    "a connection by the newer protocol": "socket.socket(socket.AF_INET6).connect(('2001:db8::1', 9))",
    "a datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
    "a datagram in pieces": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('192.0.2.1', 9))",
    "a request": "urllib.request.urlopen('http://192.0.2.1/')",
    "a request by name": "urllib.request.urlopen('https://a.invalid/')",
    "a proxy on this machine": "socket.create_connection(('127.0.0.1', 9))",
    "from a thread": "ThreadPoolExecutor(1).submit(socket.getaddrinfo, 'a.invalid', 443).result()",
}


@pytest.mark.skipif(os.name == "nt", reason="pairs of sockets are made over the machine's own address there")
@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_the_program_refuses_every_way_out(attempt: str) -> None:
    program = f"""
import socket, urllib.request
from concurrent.futures import ThreadPoolExecutor
from qa.commands.noise import silence
silence()
try:
    {attempt}
except OSError as error:
    print(error)
"""
    assert "this program does not use the network" in python(program)


def test_sockets_between_processes_of_this_machine_are_free() -> None:
    assert (
        python(
            "import socket; from index.offline import refuse; refuse(); a, b = socket.socketpair(); "
            "a.sendall(b'x'); print(b.recv(1))"
        )
        == "b'x'"
    )


def test_the_workers_of_a_program_refuse_as_it_does() -> None:
    worker = "from index.offline import refuses; print(refuses())"
    start = f"import subprocess, sys; sys.stdout.flush(); subprocess.run([sys.executable, '-c', {worker!r}])"
    program = f"{worker}; from index.offline import refuse; refuse(); {worker}; {start}"
    assert python(program).split() == ["False", "True", "True"]


def test_only_what_the_user_asked_for_may_connect() -> None:
    program = """
import socket, urllib.request
from index.offline import asked, refuse
from qa.models import hub
refuse()
server = socket.create_server(("127.0.0.1", 0))
port = server.getsockname()[1]
with asked():
    socket.create_connection(("127.0.0.1", port)).close()
    print("connected")
try:
    socket.create_connection(("127.0.0.1", port))
except OSError as error:
    print(error.strerror)
"""
    assert python(program).splitlines() == ["connected", "this program does not use the network"]


def test_a_fetch_from_the_hub_asks_it(tmp_path: Path) -> None:
    """Nobody listens at this address: the question is asked, and refused by the machine, not by the program."""
    program = f"""
from pathlib import Path
from index.offline import refuse
from qa.models import hub
refuse()
try:
    hub.download_file("org/toy", "main", "config.json", Path({str(tmp_path)!r}), print)
except hub.UnreachableError as error:
    print(error)
"""
    assert "onnection refused" in python(program, HF_ENDPOINT="http://127.0.0.1:9")
    assert python(program, HF_HUB_OFFLINE="1", HF_ENDPOINT="http://127.0.0.1:9") == "HF_HUB_OFFLINE is set"
