"""Vouch as a Python library: one class for what the program `qa` does, on the same library, models and settings.

`Assistant` opens a library, loads a model when it is first needed, and returns the records of `qa.records`,
`index.records`, `qa.cite` and `qa.verify`. Every error that its user can fix is a `VouchError`
(`index/errors.py`). Nothing here prints.
"""

from __future__ import annotations

import datetime
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self, Unpack

from index.records import Filter
from qa import paths
from qa.choices import Choices, Narrowing
from qa.models.handed import handed
from qa.models.loading import Loaders
from qa.narrowing import narrowed
from qa.opening import built, opened
from qa.settings import Settings, load

if TYPE_CHECKING:
    from index.embed import Embedder
    from index.listing import SourceInfo
    from index.progress import BuildReport, Progress
    from index.records import Article, Hit
    from index.store import Library
    from qa.answering import answer as pipeline
    from qa.answering.decide import Decision
    from qa.cite import Cited, Near
    from qa.kept.cache import Cache
    from qa.memo.forms import Form
    from qa.memo.plan import Plan
    from qa.memo.records import Memo
    from qa.models.engine import LanguageModel
    from qa.models.names import Names
    from qa.records import Answer, Provenance
    from qa.verify.records import Check

_log = logging.getLogger("qa")


class Assistant:
    """An open library and the models that answer from it.

    Made by `Assistant.open`; use it in a `with` block, and in one thread.
    """

    def __init__(
        self,
        settings: Settings,
        library: Library,
        using: Loaders,
        state: Path | None = None,
        *,
        settings_folder: Path | None = None,
    ) -> None:
        """`state` is this user's state folder; without one, no answers are kept.

        `settings_folder` holds the calibrations; None means the platform's folder for this user's settings.
        """
        self.settings = settings
        self._settings_folder = settings_folder
        self.library = library
        self._using = using
        self._state = state

    @classmethod
    def open(
        cls,
        articles: str | Path | None = None,
        *,
        library: str | Path | None = None,
        embedder: str | Embedder | None = None,
        model: str | LanguageModel | None = None,
        **choices: Unpack[Choices],
    ) -> Self:
        """Open the library of a folder of articles; the first time, the articles are indexed.

        The library lies in `articles`/.qa, or in the folder `library`. Without `articles` it is the one that `qa ask`
        would use here. Later changes of the files are taken in by `index`. A model is named, or handed over ready:
        several assistants can share one.

        Raises SourceError where there are no articles, LibraryError for a library that is missing, damaged or built
        with another embedder, SettingsError for a setting with a value that it cannot have, ModelError where the
        embedder is needed and is not there.
        """
        from index.errors import SourceError
        from index.schema import FILE

        folder = None if articles is None else paths.expanded(Path(articles)).absolute()
        if folder is not None and not folder.exists():
            raise SourceError(f"{folder} does not exist", "name a folder of articles")
        place = (
            library
            if library is not None or folder is None
            else (folder if folder.is_dir() else folder.parent) / paths.LIBRARY_FOLDER
        )
        named: dict[str, object] = {"embedder": embedder, "model": model}
        flags = {
            **choices,
            **{name: value if isinstance(value, str) else None for name, value in named.items()},
            "library": place,
        }
        cwd = Path.cwd() if folder is None else folder
        settings, _ = load(flags, environ=os.environ, cwd=cwd, user_file=paths.user_file())
        using = handed(embedder, model, _log.warning)
        if folder is not None and not (settings.library / FILE).exists():
            built(settings, [folder], using.embedder(settings))
        self = cls(settings, opened(settings.library), using, paths.state_folder(os.environ))
        try:
            if folder is not None and folder.resolve() not in {root.path for root in self.library.roots()}:
                self.index(folder)
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Close the library; the assistant cannot be used after."""
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(
        self,
        question: str,
        *,
        fresh: bool = False,
        on_passages: Callable[[tuple[Hit, ...]], None] | None = None,
        **within: Unpack[Narrowing],
    ) -> Answer:
        """Answer one question, every quote compared with its article.

        A refusal is an `Answer` with the status "unanswered", not an error. What was asked before, of the same library,
        models and settings, is not asked again: the answer says in `kept` when it was given; with `fresh` it is.
        `on_passages` gets what was found as soon as it is there.

        Raises QuestionError for a question that cannot be asked or articles that are not there, ModelError where a
        model is missing, LibraryError where the library is damaged.
        """
        from qa.answering.answer import answer
        from qa.kept.answers import Keeping, answered

        narrow = self.narrowed(**within)
        return answered(
            question,
            self.library,
            Keeping(self._cache, fresh=fresh),
            within=narrow,
            made=lambda: self.provenance,
            ask=lambda: answer(question, self.pipeline, within=narrow, on_hits=on_passages),
        )

    def batch(self, questions: Iterable[str], **within: Unpack[Narrowing]) -> Iterator[Answer]:
        """Yield the answer to each question, in order. Lazy: the next question is read when its answer is requested.

        Raises as `ask` does.
        """
        for question in questions:
            yield self.ask(question, **within)

    def search(self, words: str, *, limit: int | None = None, **within: Unpack[Narrowing]) -> tuple[Hit, ...]:
        """Return the passages that best match the words, best first, without a language model.

        At most `limit`, or as many as the setting `passages` says.
        """
        from index.search import search

        return search(
            words,
            self.library,
            self.embedder,
            k=limit if limit is not None else self.settings.passages,
            within=self.narrowed(**within),
        )

    def cite(self, words: str, *, style: str | Path = "chicago-note-bibliography") -> tuple[Cited, ...]:
        """Every place that holds these words, with its note and bibliography entry; none where no article does.

        Raises QuestionError where there are no words, MemoError for a style that is not known.
        """
        from qa.cite import cited, pattern_of, places
        from qa.memo.pandoc import find as find_pandoc
        from qa.memo.style import find as find_style

        pattern, chosen = pattern_of(words), find_style(str(style), cwd=Path.cwd())
        with self.library.snapshot():
            found = places(pattern, self.library)
            return cited(found, self.library.article, chosen, find_pandoc()) if found else ()

    def nearest(self, words: str) -> tuple[Near, ...]:
        """The sentences most like these words, best first: for words that `cite` finds nowhere."""
        from qa.cite import most_like

        return most_like(words, self.library)

    def verify(self, file: str | Path) -> tuple[Check, ...]:
        """Check every quotation of a memo or an answers file; each check has the outcome "ok" or names what is wrong.

        Raises MemoError where the file cannot be read or holds no quotation.
        """
        from qa.verify.check import against
        from qa.verify.read import read

        return against(read(Path(file), self.settings.limits), str(file), self.library)

    def memo(
        self,
        plan: str | Path | Plan,
        *outputs: str | Path,
        bibliography: Sequence[str | Path] = (),
        form: Form = "answers",
        style: str | Path = "chicago-note-bibliography",
        date: str | None = None,
        force: bool = False,
        fresh: bool = False,
        on_answer: Callable[[int], None] = lambda _: None,
        **within: Unpack[Narrowing],
    ) -> Memo:
        """Write a memo with footnotes to each of `outputs` (.md, .html, .docx, .pdf).

        Its bibliography is written to .bib or .json files.

        `plan` is a `Plan`, or the file of one. What was interrupted goes on where it was when it is called again, and
        what was asked before is not asked again, unless `fresh`. The `form` is "answers", or "brief": the bottom line,
        then paragraphs; its plan may do without questions. `on_answer` gets how many questions are answered.

        Raises MemoError for a plan, a style or a file that cannot be used, and as `ask` does.
        """
        from qa.memo import output as files
        from qa.memo import pandoc as pandocs
        from qa.memo import style as styles
        from qa.memo.dates import writing_date
        from qa.memo.errors import MemoError
        from qa.memo.journal import answered, beside, noted
        from qa.memo.make import make
        from qa.memo.plan import Plan, checked, read_plan

        if not outputs:
            raise MemoError("nothing says where to write the memo", "name a file: memo(plan, 'memo.docx')")
        written, records = [Path(name) for name in outputs], [Path(name) for name in bibliography]
        given = None if isinstance(plan, Plan) else Path(plan)
        planned = checked(plan, "the plan", form=form) if isinstance(plan, Plan) else read_plan(Path(plan), form=form)
        journal = beside(written[0])
        files.check_outputs(written, records, given, force=force, ours=noted(journal))
        chosen, pandoc = styles.find(str(style), cwd=Path.cwd()), pandocs.find()
        day = writing_date(date or planned.date, os.environ, today=datetime.date.today())
        narrow = self.narrowed(**within)
        answers = answered(
            planned.questions,
            lambda question: self.ask(question, fresh=fresh, **within),
            journal,
            provenance=self.provenance,
            within=narrow,
            report=on_answer,
        )
        return make(
            planned,
            answers,
            written,
            records,
            self.library.article,
            style=chosen,
            pandoc=pandoc,
            written=day,
            form=form,
        )

    def index(
        self,
        *files: str | Path,
        name: str | None = None,
        rebuild: bool = False,
        report: Callable[[Progress], None] = lambda _: None,
    ) -> BuildReport:
        """Add files and folders to the library, and update everything in it that has changed.

        `name` is a prefix for the sources of a single file or folder. Files that cannot be read are left out and listed
        in the report. Raises SourceError for a file that is missing,
        LibraryError while another process writes.
        """
        from index.errors import SettingsError

        roots = [paths.expanded(Path(file)).absolute() for file in files]
        if name is not None and len(roots) != 1:
            raise SettingsError("name is put before the sources of one path", "index(PATH, name=NAME)")
        names = {roots[0]: name} if name is not None else {}
        return built(self.settings, roots, self._embedder, names=names, rebuild=rebuild, report=report)

    def sources(self) -> tuple[SourceInfo, ...]:
        """The articles of the library and what is known of each."""
        return self.library.sources()

    def article(self, source: str) -> Article:
        """One article: `article.text[citation.start:citation.end] == citation.quote`.

        Raises SourceError where there is none of this name.
        """
        return self.library.article(source)

    def narrowed(self, **within: Unpack[Narrowing]) -> Filter:
        """These narrowings, checked.

        Raises QuestionError for what is no date, and for a source that names no article.
        """
        asked = Filter(
            sources=tuple(within.get("sources") or ()),
            since=within.get("since"),
            until=within.get("until"),
            author=within.get("author"),
        )
        return narrowed(self.library, asked)

    @property
    def embedder(self) -> Embedder:
        """The embedder, loaded when it is first needed.

        Raises ModelError where it is not there, LibraryError where it is not the library's.
        """
        self.library.require(self._embedder)
        return self._embedder

    @cached_property
    def _embedder(self) -> Embedder:
        return self._using.embedder(self.settings)

    @property
    def provenance(self) -> Provenance:
        """What an answer would be made with, known without loading a model.

        Raises ModelError where one is missing, SettingsError where no caution keeps to the risk of the settings.
        """
        from qa.provenance import made_with

        return made_with(self.library, self.settings, self._names, self._decisions(self._names.digest))

    @cached_property
    def _cache(self) -> Cache | None:
        from qa.kept.answers import cache_of

        return None if self._state is None else cache_of(self.settings, self._state)

    @cached_property
    def _decisions(self) -> Callable[[str], Decision]:
        from qa.calibration.keep import decisions

        return decisions(self._settings_folder or paths.user_file().parent)

    @cached_property
    def _names(self) -> Names:
        return self._using.named(self.settings)

    @cached_property
    def pipeline(self) -> pipeline.Assistant:
        """What `qa.answering.answer.answer` takes; the language model begins to load when this is first used."""
        from qa.pipeline import assembled

        return assembled(self.settings, self.library, self._using, self._embedder, self._decisions)
