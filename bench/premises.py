"""Measures how often a refusal would speak against a premise: `python -m bench.premises`.

Questions of SQuAD 2, each against all its paragraphs; no model is asked. What an answerable question takes for granted
is so: there every sentence found is a mistake (which is seen only where the question is refused). Of the unanswerable
ones some suppose what the paragraphs deny: their sentences are printed, to be read.
"""

from __future__ import annotations

from bench import data
from bench.libraries import passing
from index.search import search
from qa.answering.evidence import select
from qa.answering.premise import contradicted
from qa.commands.session import Session


def main() -> None:
    """Print every sentence found and the counts."""
    options = data.options(__doc__)
    options.add_argument("--questions", type=int, default=150, help="answerable, and as many unanswerable")
    given = options.parse_args()
    articles, questions = data.squad(data.folder(given.data), given.questions, seed=7)
    session = Session()
    embedder = session.loaders.embedder(session.settings())
    counts = dict.fromkeys((True, False), 0)
    with passing(articles, embedder) as library:
        for asked in questions:
            evidence = select(asked.question, search(asked.question, library, embedder), embedder)
            if (found := contradicted(asked.question, evidence)) is not None:
                counts[asked.answerable] += 1
                print(
                    f"{'answerable' if asked.answerable else 'unanswerable':13} {asked.question}\n{'':13} {found.sentence.text}"
                )
    print(f"answerable: {counts[True]} of {given.questions}; unanswerable: {counts[False]} of {given.questions}")


if __name__ == "__main__":
    main()
