"""The small real model on OpenVINO's runtime: what was read can be hidden, kept and taken up again, to the bit."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from qa.models.openvino_reader import Reader
from tests.conftest import fetched

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(find_spec("openvino") is None, reason="openvino has no wheel for this platform"),
]

SHARED, OWN = list(range(1000, 1040)), list(range(2000, 2010))


@pytest.fixture(scope="module")
def reader() -> Reader:
    folder = fetched("smollm2-135m-instruct").openvino
    assert folder is not None
    return Reader(folder)


def test_logits_are_those_after_the_last_tokens(reader: Reader) -> None:
    reader.clear()
    three = reader.feed(SHARED, last=3)
    reader.clear()
    one = reader.feed(SHARED)
    assert (len(three), len(one)) == (3, 1)
    assert int(three[-1].argmax()) == int(one[0].argmax())
    # one row and three are multiplied in another order, and come in 16 bits
    np.testing.assert_allclose(three[-1], one[0], atol=0.25)


def test_what_was_kept_is_taken_up_to_the_bit_whatever_was_read_in_between(reader: Reader) -> None:
    reader.clear()
    reader.feed(SHARED)
    kept = reader.keep()
    reader.resume(kept)
    first = reader.feed(OWN)
    reader.clear()
    reader.feed(list(range(3000, 3077)))
    reader.resume(kept)
    np.testing.assert_array_equal(reader.feed(OWN), first)


def test_hidden_tokens_do_not_count(reader: Reader) -> None:
    reader.clear()
    reader.feed(SHARED)
    plain = reader.feed(OWN)[0]
    reader.clear()
    reader.feed(SHARED)
    reader.feed([5, 6, 7])
    reader.unread(3)
    hidden = reader.feed(OWN)[0]
    assert int(hidden.argmax()) == int(plain.argmax())
    np.testing.assert_allclose(hidden, plain, atol=0.6)  # the caches are packed into bytes, and in other groups
    reader.clear()
    reader.feed(SHARED)
    reader.feed([5, 6, 7])
    seen = reader.feed(OWN)[0]
    assert np.abs(seen - plain).max() > np.abs(hidden - plain).max()


_GROWTH = """
import sys
from pathlib import Path
from qa.models.openvino_reader import Reader

def own():  # MB
    return next(int(line.split()[1]) // 1000 for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon"))

def read(lengths):
    for length in lengths:
        reader.clear()
        reader.feed(list(range(1000, 1000 + length)))

reader = Reader(Path(sys.argv[1]))
read(range(100, 20, -4))
before = own()
read(range(99, 19, -2))
print(own() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the memory from /proc")
def test_memory_does_not_grow_with_the_lengths_of_prompts() -> None:
    folder = fetched("smollm2-135m-instruct").openvino
    # in a process of its own: what other tests keep or give back would be counted too
    done = subprocess.run([sys.executable, "-c", _GROWTH, str(folder)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 20  # 60 where every length is remembered
