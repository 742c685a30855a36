"""Settings: which layer wins, where each value came from, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import SettingsError
from index.limits import Limits
from qa import paths
from qa.settings import Settings, digest, load


def loaded(
    tmp_path: Path, *, flags: dict[str, object] | None = None, environ: dict[str, str] | None = None
) -> tuple[Settings, dict[str, str]]:
    folder = tmp_path / "work" / "deep"
    folder.mkdir(parents=True, exist_ok=True)
    return load(flags or {}, environ=environ or {}, cwd=folder, user_file=tmp_path / "user" / "qa.toml")


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_defaults_come_from_nowhere_else(tmp_path: Path) -> None:
    settings, origins = loaded(tmp_path)
    assert (settings.embedder, settings.model, settings.engine) == (
        "all-MiniLM-L6-v2",
        "qwen2.5-coder-1.5b-instruct",
        "auto",
    )
    assert settings.library == tmp_path / "work" / "deep" / ".qa"
    assert set(origins.values()) == {"default"}
    assert tuple(origins) == Settings.__slots__


def test_each_layer_gives_way_to_the_next(tmp_path: Path) -> None:
    user = write(tmp_path / "user" / "qa.toml", "passages = 1\nevidence = 1\nmax_tokens = 16\ncaution = 0.1\n")
    project = write(tmp_path / "work" / "qa.toml", "evidence = 2\nmax_tokens = 32\ncaution = 0.2\n")
    settings, origins = loaded(
        tmp_path, environ={"QA_MAX_TOKENS": "64", "QA_CAUTION": "0.3"}, flags={"caution": 0.4, "passages": None}
    )
    assert (settings.passages, settings.evidence, settings.max_tokens, settings.caution) == (1, 2, 64, 0.4)
    assert [origins[key] for key in ("passages", "evidence", "max_tokens", "caution", "model")] == [
        str(user),
        str(project),
        "environment QA_MAX_TOKENS",
        "flag --caution",
        "default",
    ]


def test_relative_folders_count_from_the_file_that_names_them(tmp_path: Path) -> None:
    write(tmp_path / "work" / "qa.toml", 'library = "shelf"\n')
    settings, _ = loaded(tmp_path, environ={"QA_MODELS": "weights"})
    assert settings.library == tmp_path / "work" / "shelf"
    assert settings.models == tmp_path / "work" / "deep" / "weights"


def test_the_nearest_library_above_is_taken(tmp_path: Path) -> None:
    (tmp_path / "work" / ".qa").mkdir(parents=True)
    (tmp_path / ".qa").mkdir()
    assert loaded(tmp_path)[0].library == tmp_path / "work" / ".qa"


def test_an_empty_variable_is_not_set(tmp_path: Path) -> None:
    assert loaded(tmp_path, environ={"QA_MODEL": ""})[1]["model"] == "default"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("pasages = 3", 'holds "pasages", which is not a setting', 'did you mean "passages"?'),
        (
            "colour = 3",
            'holds "colour", which is not a setting',
            "known settings: library, models, embedder, model, engine, allow_remote, reranker, passages, reading, "
            "evidence, max_tokens, length, caution, risk,"
            " kept_mb, max_file_mb, max_file_seconds, follow_links, allow_private, ocr, ocr_languages",
        ),
        ("follow_links = 1", "follow_links is 1 in ", "follow_links takes true or false"),
        ('follow_links = "yes"', 'follow_links is "yes" in ', "follow_links takes true or false"),
        ("max_file_mb = 0", "max_file_mb is 0 in ", "max_file_mb takes a whole number from 1 to 100000"),
        ("kept_mb = -1", "kept_mb is -1 in ", "kept_mb takes a whole number from 0 (keep no answers) to 100000"),
        ("passages = 0", "passages is 0 in ", "passages takes a whole number from 1 to 100"),
        ("passages = true", "passages is true in ", "passages takes a whole number from 1 to 100"),
        ('passages = "8"', 'passages is "8" in ', "passages takes a whole number from 1 to 100"),
        ("caution = 1.5", "caution is 1.5 in ", "caution takes a number from 0 to 1"),
        ("caution = nan", "caution is NaN in ", "caution takes a number from 0 to 1"),
        ("risk = 0", "risk is 0 in ", "risk takes a share from 1% to 99%, or from 0.01 to 0.99"),
        ("risk = 10", "risk is 10 in ", "risk takes a share from 1% to 99%, or from 0.01 to 0.99"),
        ('risk = "a tenth"', 'risk is "a tenth" in ', "risk takes a share from 1% to 99%, or from 0.01 to 0.99"),
        ('risk = "100%"', 'risk is "100%" in ', "risk takes a share from 1% to 99%, or from 0.01 to 0.99"),
        ('risk = "nan"', 'risk is "nan" in ', "risk takes a share from 1% to 99%, or from 0.01 to 0.99"),
        (
            'caution = 0.7\nrisk = "30%"',
            "caution and risk are both set in ",
            "set one of them: a risk stands for a caution",
        ),
        ('length = "long"', 'length is "long" in ', "length takes one of short, full"),
        (
            'engine = "gpu"',
            'engine is "gpu" in ',
            "engine takes one of auto, openvino, transformers, or the address of a server (http://127.0.0.1:11434/v1)",
        ),
        ('model = ""', 'model is "" in ', "model takes the name of a model, a hub id or a folder"),
        ("passages = ", "cannot be read as TOML: ", "correct the file, or move it away"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_name(tmp_path: Path, text: str, message: str, hint: str) -> None:
    file = write(tmp_path / "work" / "qa.toml", text)
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path)
    assert message in caught.value.message
    assert str(file) in caught.value.message
    assert caught.value.hint == hint
    assert "\n" not in caught.value.message


def test_the_environment_is_refused_by_the_name_of_the_variable(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, environ={"QA_PASSAGES": "many"})
    assert caught.value.message == 'passages is "many" in environment QA_PASSAGES'


def test_the_digest_covers_what_changes_an_answer_and_nothing_else(tmp_path: Path) -> None:
    plain, _ = loaded(tmp_path)
    moved, _ = loaded(tmp_path, environ={"QA_LIBRARY": "elsewhere", "QA_MODELS": "elsewhere"})
    bolder, _ = loaded(tmp_path, flags={"caution": 0.1})
    assert digest(moved) == digest(plain)
    assert digest(bolder) != digest(plain)
    assert len(digest(plain)) == 12


def test_seeds_are_those_of_the_folder_before_those_of_the_program(tmp_path: Path) -> None:
    assert paths.seeds_folder(tmp_path) == Path(paths.__file__).parent.parent / "seeds"
    (tmp_path / "seeds").mkdir()
    assert paths.seeds_folder(tmp_path) == tmp_path / "seeds"


@pytest.mark.parametrize(
    ("written", "meant"), [("true", True), ("1", True), ("Yes", True), ("off", False), ("no", False), ("0", False)]
)
def test_yes_and_no_are_written_in_many_ways_in_the_environment(tmp_path: Path, written: str, meant: bool) -> None:
    settings, origins = loaded(tmp_path, environ={"QA_FOLLOW_LINKS": written})
    assert (settings.follow_links, origins["follow_links"]) == (meant, "environment QA_FOLLOW_LINKS")
    assert (
        loaded(tmp_path, environ={"QA_FOLLOW_LINKS": written}, flags={"follow_links": not meant})[0].follow_links
        is not meant
    )
    with pytest.raises(SettingsError, match='follow_links is "perhaps" in environment QA_FOLLOW_LINKS'):
        loaded(tmp_path, environ={"QA_FOLLOW_LINKS": "perhaps"})


def test_what_one_file_may_cost(tmp_path: Path) -> None:
    assert loaded(tmp_path)[0].limits == Limits(megabytes=100, seconds=60)
    assert loaded(tmp_path, environ={"QA_MAX_FILE_MB": "7", "QA_MAX_FILE_SECONDS": "9"})[0].limits == Limits(
        megabytes=7, seconds=9
    )
    assert Limits(7).memory == 1_070_000_000


@pytest.mark.parametrize("written", ["30%", "30 %", " 30% ", "0.3", 0.3])
def test_a_risk_is_a_share_or_per_cent(tmp_path: Path, written: object) -> None:
    settings, origins = loaded(tmp_path, flags={"risk": written})
    assert (settings.risk, origins["risk"]) == (0.3, "flag --risk")
    assert loaded(tmp_path, environ={"QA_RISK": str(written)})[0].risk == 0.3


def test_of_a_caution_and_a_risk_the_higher_layer_counts(tmp_path: Path) -> None:
    write(tmp_path / "user" / "qa.toml", "caution = 0.7\n")
    project = write(tmp_path / "work" / "qa.toml", 'risk = "30%"\n')
    settings, origins = loaded(tmp_path)
    assert (settings.caution, settings.risk) == (None, 0.3)
    assert (origins["caution"], origins["risk"]) == ("default", str(project))
    settings, origins = loaded(tmp_path, environ={"QA_CAUTION": "0.4"})
    assert (settings.caution, settings.risk) == (0.4, None)
    assert (origins["caution"], origins["risk"]) == ("environment QA_CAUTION", "default")
    settings, _ = loaded(tmp_path, environ={"QA_CAUTION": "0.4"}, flags={"risk": "20%"})
    assert (settings.caution, settings.risk) == (None, 0.2)


@pytest.mark.parametrize(
    ("flags", "environ", "places"),
    [
        ({"caution": 0.7, "risk": "30%"}, {}, "flag --caution and flag --risk"),
        ({}, {"QA_CAUTION": "0.7", "QA_RISK": "30%"}, "environment QA_CAUTION and environment QA_RISK"),
    ],
)
def test_a_caution_and_a_risk_in_one_layer_are_refused(
    tmp_path: Path, flags: dict[str, object], environ: dict[str, str], places: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, flags=flags, environ=environ)
    assert caught.value.message == f"caution and risk are both set in {places}"
