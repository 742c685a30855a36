"""Check that a text can be asked as a question. Knows no library and no model."""

from __future__ import annotations

from index.errors import QuestionError
from qa.answering.plain import without_marks

MAX_QUESTION = 2000  # characters; longer is a document, not a question


def valid(question: str) -> str:
    """The question without white space around it. Raises QuestionError where it is empty or too long."""
    asked = question.strip()
    if not any(letter.isalnum() for letter in without_marks(asked)):
        raise QuestionError("the question is empty", 'ask something: qa ask "What was decided?"')
    if len(asked) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(asked):,} characters; at most {MAX_QUESTION:,} can be asked",
            "shorten it, or put the text in a file and run: qa index FILE",
        )
    return asked
