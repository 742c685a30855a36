"""docs/chat-session.txt, a conversation as it was recorded.

What it quotes stands in the seeds, and it shows what it is there to show.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
SESSION = (ROOT / "docs" / "chat-session.txt").read_text(encoding="utf-8")
# where the words stand, and the words, wrapped by the terminal
FOOTNOTE = re.compile(r"(\d{3}_\w+\.txt):(\d+)-(\d+)\n    “(.+?)”\n", re.DOTALL)


def test_every_quote_stands_where_its_footnote_says() -> None:
    found = FOOTNOTE.findall(SESSION)
    assert len(found) == 16
    for source, start, end, words in found:
        article = (ROOT / "seeds" / source).read_bytes().decode("utf-8")
        assert article[int(start) : int(end)].split() == words.split()


def test_it_shows_follow_ups_commands_and_a_stopped_answer() -> None:
    typed = re.findall(r"^(?:[a-z]+ \S+ )?> (\S.*)$", SESSION, re.MULTILINE)
    questions = [line for line in typed if not line.startswith("/")]
    assert len(questions) == 11
    assert {line.split()[0] for line in typed if line.startswith("/")} == {
        "/open", "/why", "/sources", "/only", "/since", "/until", "/retry", "/edit", "/copy", "/cite", "/save", "/memo", "/index", "/clear", "/help", "/quit",
    }  # fmt: skip
    assert re.findall(r"^asking: (.*)$", SESSION, re.MULTILINE) == [
        "Was a formal deal for the Su-57 signed?",
        "Who launched Russia Today India?",
    ]
    assert SESSION.count("stopped; /retry asks again") == 1
