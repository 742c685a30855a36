"""A memo, from the answers to its questions to the files it becomes.

Takes a plan, a way to ask and the files; returns the `Memo`.

What is interrupted goes on where it was: answers and files are noted beside the first output until all files are there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from index.records import Article
from qa.memo import output as files
from qa.memo.bibliography import bibliography
from qa.memo.forms import Form
from qa.memo.journal import beside, note
from qa.memo.pandoc import Pandoc
from qa.memo.plan import Plan
from qa.memo.records import Memo
from qa.memo.style import Style
from qa.memo.write import write
from qa.records import Answer


def make(
    plan: Plan,
    answers: Mapping[str, Answer],
    outputs: Sequence[Path],
    bibliographies: Sequence[Path],
    read: Callable[[str], Article],
    *,
    style: Style,
    pandoc: Pandoc,
    written: str,
    form: Form = "answers",
) -> Memo:
    """Write the memo of these answers to every file, each whole or not at all, and take the journal away.

    Raises LibraryError where a quote is not in its article, MemoError where Pandoc or Typst fails or a file cannot be
    written.
    """
    journal = beside(outputs[0])
    done = write(plan, answers, read, style=style, pandoc=pandoc, written=written, form=form)
    articles = {reference.source: read(reference.source) for reference in done.references}
    for file in [*outputs, *bibliographies]:
        content = files.render(done, file, articles, pandoc) if file in outputs else bibliography(done, file, pandoc)
        note(journal, file, content)
        files.put(file, content)
    journal.unlink(missing_ok=True)
    return done
