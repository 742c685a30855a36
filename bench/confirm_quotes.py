"""Confirms every quote of an answers file with nothing but the articles: `python bench/confirm_quotes.py answers.jsonl seeds/`."""

import json
import sys
from pathlib import Path

checked = 0
for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
    answer = json.loads(line)
    for citation in answer["citations"] + answer["nearest"]:
        text = (Path(sys.argv[2]) / citation["source"]).open(encoding="utf-8", newline="").read()
        assert text[citation["start"] : citation["end"]] == citation["quote"], citation
        checked += 1
print(f"{checked} quotes confirmed, 0 wrong")
