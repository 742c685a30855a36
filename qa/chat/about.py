"""Commands about the last answer: its articles, how it came about, its text for elsewhere.

Takes a talk; shows on its screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.called import called
from index.errors import QuestionError
from qa.chat import clipboard, pager
from qa.chat.talk import Talk
from qa.chat.why import why as reasons
from qa.render.check import is_verbatim
from qa.render.terminal import reading, whole

if TYPE_CHECKING:
    from qa.records import Answer, Citation

NAME = 36  # characters of what an article is called, in a list of passages


def open_article(talk: Talk, argument: str) -> None:
    """Show the article of a footnote, at the quote.

    Raises `QuestionError` where the last answer has no such footnote or the quote no longer stands there, `SourceError`
    where the article is gone.
    """
    citation = _cited(talk.answer, argument.strip("[]"))
    article = talk.assistant.library.article(citation.source)
    if not is_verbatim(citation, talk.assistant.library):
        raise QuestionError(
            f"{citation.source} has changed since the answer: the quote no longer stands there", "/retry asks again"
        )
    view = pager.View(article, citation.start, citation.end)
    if (
        talk.screen.still
        or not talk.screen.out.is_terminal
        or not pager.paged(view, talk.means.environ, talk.screen.out.width)
    ):
        talk.screen.show(pager.context(view))


def read(talk: Talk, _: str) -> None:
    """List the passages in which the last answer was looked for, the best first.

    A line each, cut to the screen; whole where nothing may be left unsaid.

    Raises `QuestionError` where none are known, as of an answer of an earlier session, and `SourceError` where an
    article is gone.
    """
    found = talk.answer.explanation.passages
    if not found:
        raise QuestionError("it is not known what was read for the last answer", "/retry asks again")
    out = talk.screen.out
    named = [(called(talk.assistant.library.article(each.quote.source), NAME), each.quote.text) for each in found]
    talk.screen.show(reading(named, width=None if talk.screen.still or out.soft_wrap else out.width))


def why(talk: Talk, _: str) -> None:
    """Show how the last answer came about."""
    talk.screen.show(reasons(talk.answer))


def copy(talk: Talk, _: str) -> None:
    """Put the last answer with its footnotes on the clipboard, and say by which way."""
    text = whole(talk.answer).plain.rstrip("\n") + "\n"
    talk.screen.say(
        clipboard.copied(
            text, talk.means.environ, terminal=talk.screen.out.file if talk.screen.out.is_terminal else None
        )
    )


def cite(talk: Talk, style: str) -> None:
    """Show the articles of the last answer as notes and bibliography in a citation style.

    Raises `MemoError` for a style that there is not.
    """
    from qa.chat.citing import in_style

    talk.screen.show(in_style(talk.answer, talk.assistant.library, style))


def _cited(answer: Answer, number: str) -> Citation:
    """The citation of that number; without one, the first. A refusal has its nearest passages numbered."""
    citations = answer.citations or answer.nearest
    if not citations:
        raise QuestionError("the last answer quotes nothing", "/sources lists the articles")
    found = citations[0] if not number else next((each for each in citations if str(each.number) == number), None)
    if found is None:
        most = max(each.number for each in citations)
        raise QuestionError(
            f"the last answer has no footnote {number}", f"/open {f'1 to /open {most}' if most > 1 else '1'}"
        )
    return found
