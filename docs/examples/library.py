"""Ask questions of a folder of articles from Python: python docs/examples/library.py FOLDER QUESTION...

Prints each answer with its quotes, and compares every quote with its article.
"""

from __future__ import annotations

import sys

from qa import Assistant, VouchError


def report(assistant: Assistant, questions: list[str]) -> None:
    """Print what the articles say to each question, and where."""
    for answer in assistant.batch(questions):
        print(f"{answer.question}\n  {answer.status} ({answer.confidence:.2f}): {answer.answer}")
        for citation in answer.citations:
            text = assistant.article(citation.source).text
            if text[citation.start : citation.end] != citation.quote:
                raise SystemExit(f"{citation.source} does not hold this quote")
            print(f"  [{citation.number}] {citation.source}:{citation.start}-{citation.end} “{citation.quote}”")


if __name__ == "__main__":
    folder, *asked = sys.argv[1:]
    try:
        with Assistant.open(folder) as opened:
            report(opened, asked)
    except VouchError as error:
        sys.exit(f"{error.message}\n{error.hint}")
