"""The settings of one run, and where each came from: defaults < user file < project file < environment < flags.

Unknown keys and impossible values are refused, never ignored. Knows nothing of what a setting does.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

from index.errors import SettingsError
from index.limits import Limits
from qa import paths
from qa.models.address import is_address
from qa.models.catalog import DEFAULT_EMBEDDER, DEFAULT_MODEL

NO_RERANKER = "none"
# where neither the settings nor a calibration name one: the best balance of bench.decision between what is answered and
# what is refused
CAUTION = 0.15
ENGINES = ("auto", "openvino", "transformers")  # or the address of a server
Length = Literal["short", "full"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can choose.

    `passages` are searched, `evidence` sentences of them read for an answer, at most `reading` words for a phrase;
    `max_tokens` bounds a draft. `engine` is what runs the model, or the address of a server that does; with
    `allow_remote` the server may be another machine. A `reranker` reads the best passages once more and puts them in a
    new order. An answer whose probability is under `caution` is refused; None is what suits the model
    (`qa.calibration`), else `CAUTION`, and 0.5 where a phrase can answer. A `risk` is another way to set it: the least
    caution at which at most that share of what is shown is wrong (`qa.answering.guarantee`). A `full` answer has a
    sentence for each part of the question, read from twice as many sentences; where a question asks for several
    things, a `short` one has too.
    A file larger than `max_file_mb`, or that takes more than `max_file_seconds` to read, is left out; so are links that
    lead out of a folder, unless `follow_links`, and web addresses that are not on the public network, unless
    `allow_private`. With `ocr`, Tesseract reads scanned pages, in `ocr_languages`. Answers are kept in the library, so
    that what was asked before is there at once, up to
    `kept_mb` megabytes; with 0 none is kept.
    """

    library: Path
    models: Path
    embedder: str = DEFAULT_EMBEDDER
    model: str = DEFAULT_MODEL
    engine: str = "auto"
    allow_remote: bool = False
    reranker: str = NO_RERANKER
    passages: int = 8
    reading: int = 400
    evidence: int = 7
    max_tokens: int = 160
    length: Length = "short"
    caution: float | None = None
    risk: float | None = None
    kept_mb: int = 64
    max_file_mb: int = 100
    max_file_seconds: int = 60
    follow_links: bool = False
    allow_private: bool = False
    ocr: bool = False
    ocr_languages: str = "eng"

    @property
    def limits(self) -> Limits:
        """The limits on reading one file."""
        return Limits(self.max_file_mb, self.max_file_seconds)


@dataclass(frozen=True, slots=True)
class Rule:
    """What one setting may hold.

    `kind` is its type in a settings file, `text` how it is written in the environment and as a flag.
    """

    kind: type[str] | type[int] | type[float] | type[bool]
    expects: str
    low: float = 0
    high: float = 0
    words: tuple[str, ...] = ()
    address: bool = False
    share: bool = False  # may be written in per cent, as a text


RULES: Mapping[str, Rule] = {
    "library": Rule(str, "a folder"),
    "models": Rule(str, "a folder"),
    "embedder": Rule(str, "the name of a model, a hub id or a folder"),
    "model": Rule(str, "the name of a model, a hub id or a folder"),
    "engine": Rule(
        str,
        f"one of {', '.join(ENGINES)}, or the address of a server (http://127.0.0.1:11434/v1)",
        words=ENGINES,
        address=True,
    ),
    "allow_remote": Rule(bool, "true or false"),
    "reranker": Rule(str, "a hub id or a folder of a cross-encoder, or none"),
    "passages": Rule(int, "a whole number from 1 to 100", 1, 100),
    "reading": Rule(int, "a whole number of words from 50 to 5000", 50, 5000),
    "evidence": Rule(int, "a whole number from 1 to 50", 1, 50),
    "max_tokens": Rule(int, "a whole number from 16 to 2000", 16, 2000),
    "length": Rule(str, "one of " + ", ".join(get_args(Length)), words=get_args(Length)),
    "caution": Rule(float, "a number from 0 to 1", 0, 1),
    "risk": Rule(float, "a share from 1% to 99%, or from 0.01 to 0.99", 0.01, 0.99, share=True),
    "kept_mb": Rule(int, "a whole number from 0 (keep no answers) to 100000", 0, 100_000),
    "max_file_mb": Rule(int, "a whole number from 1 to 100000", 1, 100_000),
    "max_file_seconds": Rule(int, "a whole number from 1 to 86400", 1, 86_400),
    "follow_links": Rule(bool, "true or false"),
    "allow_private": Rule(bool, "true or false"),
    "ocr": Rule(bool, "true or false"),
    "ocr_languages": Rule(str, "languages as Tesseract calls them: eng, or deu+eng"),
}
# as people write it in the environment
_TRUTH = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
FOLDERS = ("library", "models")
# two ways to set one thing: the higher layer's counts, and one layer may use one of them
EITHER = {"caution": "risk", "risk": "caution"}
Layer = Mapping[str, tuple[object, str, Path]]  # by key: value, origin, the folder that relative paths count from
ANSWERING = (
    "engine",
    "passages",
    "reading",
    "evidence",
    "max_tokens",
    "length",
    "caution",
)  # besides the library and the models, which provenance names itself, and a risk, which is a caution there


def load(
    flags: Mapping[str, object], *, environ: Mapping[str, str], cwd: Path, user_file: Path
) -> tuple[Settings, dict[str, str]]:
    """The settings of this run, and for each key where its value came from.

    A flag of `None` is not given. A relative folder in a file counts from the file, elsewhere from `cwd`. Raises
    `SettingsError`.
    """
    values: dict[str, Any] = {"library": paths.library_folder(cwd), "models": paths.models_folder()}
    values |= {field.name: field.default for field in fields(Settings) if field.name not in FOLDERS}
    origins = dict.fromkeys(RULES, "default")
    for layer in _layers(flags, environ, cwd, user_file):
        _refuse_both(layer)
        for key, (value, origin, folder) in layer.items():
            values[key] = _checked(key, value, origin, folder)
            origins[key] = origin
            if key in EITHER:
                values[EITHER[key]], origins[EITHER[key]] = None, "default"
    return Settings(**values), {field.name: origins[field.name] for field in fields(Settings)}


def digest(settings: Settings) -> str:
    """A short hash of those settings that can change an answer, once the caution stands for the risk."""
    chosen = {key: getattr(settings, key) for key in ANSWERING}
    return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()[:12]


def _layers(flags: Mapping[str, object], environ: Mapping[str, str], cwd: Path, user_file: Path) -> Iterator[Layer]:
    for file in (user_file, paths.project_file(cwd)):
        if file is not None and file.is_file():
            yield {_known(key, file): (value, str(file), file.parent) for key, value in _read(file).items()}
    names = {key: f"QA_{key.upper()}" for key in RULES}
    yield {
        key: (_from_text(RULES[key], environ[name]), f"environment {name}", cwd)
        for key, name in names.items()
        if environ.get(name)
    }
    yield {key: (value, f"flag --{key.replace('_', '-')}", cwd) for key, value in flags.items() if value is not None}


def _refuse_both(layer: Layer) -> None:
    if EITHER.keys() <= layer.keys():
        places = " and ".join(dict.fromkeys(layer[key][1] for key in EITHER))
        raise SettingsError(
            f"caution and risk are both set in {places}", "set one of them: a risk stands for a caution"
        )


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (
        OSError,
        ValueError,
        RecursionError,
    ) as error:  # also a number too long for Python, and brackets without end
        raise SettingsError(
            f"{file} cannot be read as TOML: {' '.join(str(error).split())}", "correct the file, or move it away"
        ) from error


def _known(key: str, file: Path) -> str:
    if key in RULES:
        return key
    nearest = difflib.get_close_matches(key, RULES, n=1, cutoff=0.5)
    hint = f'did you mean "{nearest[0]}"?' if nearest else f"known settings: {', '.join(RULES)}"
    raise SettingsError(f'{file} holds "{key}", which is not a setting', hint)


def _from_text(rule: Rule, text: str) -> object:
    if rule.kind is bool:
        return _TRUTH.get(text.lower(), text)
    try:
        return rule.kind(text)
    except ValueError:
        return text  # not a number: refused below, with the name of the variable


def _checked(key: str, value: object, origin: str, folder: Path) -> object:
    rule, given = RULES[key], value
    if isinstance(value, Path):
        value = str(value)
    if rule.share and isinstance(value, str):
        value = _share(value)
    if rule.kind is float and type(value) is int:
        value = float(value)
    if not _valid(rule, value):
        raise SettingsError(f"{key} is {json.dumps(given, default=str)} in {origin}", f"{key} takes {rule.expects}")
    return (folder / paths.expanded(Path(str(value)))).absolute() if key in FOLDERS else value


def _share(text: str) -> object:
    """30% or 30 % or 0.3 as a number; what is none of these stays as it is, and is refused."""
    number = text.strip().removesuffix("%").strip()
    try:
        return float(number) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        return text


def _valid(rule: Rule, value: object) -> bool:
    if rule.kind is bool:
        return isinstance(value, bool)
    if isinstance(value, bool) or not isinstance(value, rule.kind):  # True is an int in Python, but not a number here
        return False
    if isinstance(value, str):
        return value != "" and (not rule.words or value in rule.words or (rule.address and is_address(value)))
    return isinstance(value, int | float) and rule.low <= value <= rule.high
