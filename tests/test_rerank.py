"""The optional reranker: a tiny cross-encoder of random weights through the real loader, and a fake one through the whole pipeline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.build import build
from index.embed import FloatArray
from index.errors import ModelError
from index.records import Hit, Metadata, Passage
from index.rerank import CANDIDATES, CrossEncoderReranker, reranked
from index.search import search
from index.store import Library
from qa.answering.answer import Assistant, answer, provenance
from qa.cli import run
from qa.commands.session import Loaders, Session
from qa.models.resolve import resolve
from qa.models.task import task_of
from qa.render.explanation import explanation
from qa.settings import Settings
from tests.fakes import FakeEmbedder, FakeModel

WORDS = "[PAD] [UNK] [CLS] [SEP] the river is long short how".split()
Made = Callable[[int], Path]


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Makes the folder of a cross-encoder with so many outputs."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    tokens = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokens.pre_tokenizer = pre_tokenizers.Whitespace()
    tokens.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )

    def make(outputs: int) -> Path:
        folder = tmp_path_factory.mktemp("cross-encoder")
        torch.manual_seed(5)
        config = BertConfig(
            vocab_size=len(WORDS), hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2, max_position_embeddings=64,
            num_labels=outputs, initializer_range=0.5,
        )  # fmt: skip
        BertForSequenceClassification(config).save_pretrained(folder)
        PreTrainedTokenizerFast(
            tokenizer_object=tokens,
            unk_token="[UNK]",
            pad_token="[PAD]",
            cls_token="[CLS]",
            sep_token="[SEP]",
            model_max_length=64,
        ).save_pretrained(folder)
        return folder

    return make


class WordCounter:
    """A reranker that counts how often a word stands in a text; `read` holds what it was given."""

    name, digest = "counter", "c0"

    def __init__(self, word: str) -> None:
        self.word = word
        self.read: list[tuple[str, int]] = []

    def scores(self, query: str, texts: Sequence[str]) -> FloatArray:
        self.read.append((query, len(texts)))
        return np.array([text.casefold().split().count(self.word) for text in texts], dtype=np.float32)


def hit(number: int, text: str, score: float) -> Hit:
    return Hit(Passage(number, f"{number}.txt", 0, len(text), text, None, (), Metadata()), score, score, 0.0)


def test_a_cross_encoder_gives_what_transformers_computes(cross_encoder: Made) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    folder = cross_encoder(1)
    model, tokenizer = (
        AutoModelForSequenceClassification.from_pretrained(folder).eval(),
        AutoTokenizer.from_pretrained(folder),
    )
    texts = ["the river is long", "short", "the the the river is is short short long"]
    with torch.no_grad():
        wanted = [
            float(torch.sigmoid(model(**tokenizer("how long is the river", text, return_tensors="pt")).logits[0, 0]))
            for text in texts
        ]
    reranker = CrossEncoderReranker(folder, name="tiny", digest="d")
    found = reranker.scores("how long is the river", texts)
    np.testing.assert_allclose(found, wanted, atol=1e-6)
    assert found.dtype == np.float32
    assert len({round(value, 4) for value in wanted}) == 3
    for number, text in enumerate(texts):  # nothing beside it changes a score, not in its last bit
        assert reranker.scores("how long is the river", [text])[0] == found[number]
    assert reranker.scores("how long is the river", []).shape == (0,)


def test_a_model_with_several_outputs_is_refused(cross_encoder: Made, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"^three gives 3 numbers for a passage, and a reranker gives one$"):
        CrossEncoderReranker(cross_encoder(3), name="three", digest="d")
    with pytest.raises(ModelError, match="does not hold a cross-encoder that can be loaded safely") as caught:
        CrossEncoderReranker(tmp_path, name="none", digest="d")
    assert caught.value.hint == "name another one, or leave reranker out"


def test_the_best_come_first_and_scores_are_stretched() -> None:
    hits = [
        hit(1, "none", 0.9),
        hit(2, "word word", 0.8),
        hit(3, "word", 0.7),
        hit(4, "word word word word", 0.1),
        hit(5, "word", 0.6),
    ]
    found = reranked("q", hits, WordCounter("word"), k=4)
    # equals by source
    assert [(each.passage.id, each.score) for each in found] == [(4, 1.0), (2, 0.5), (3, 0.25), (5, 0.25)]
    assert found[0] == replace(hits[3], score=1.0)  # the rest is kept, to be shown
    assert [each.score for each in reranked("q", hits, WordCounter("absent"), k=2)] == [1.0, 1.0]
    assert reranked("q", [], WordCounter("word"), k=2) == ()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(25):
        (folder / f"{number:02}.txt").write_text(
            f"The river Alder has {number + 3} mills in its valley. {'Deep ' * (number == 20)}water.\n"
        )
    build(tmp_path / ".qa", [folder], FakeEmbedder())
    return Library.open(tmp_path / ".qa")


def assistant(library: Library, reranker: WordCounter | None) -> Assistant:
    settings = Settings(library=library.folder, models=library.folder, passages=3)
    return Assistant(
        library,
        FakeEmbedder(),
        FakeModel(lambda _: "The river Alder has 33 mills in its valley.", yes=0.9),
        settings,
        reranker,
    )


def test_more_passages_are_found_and_the_best_of_the_new_order_are_read(library: Library) -> None:
    question = "How many mills has the river Alder?"
    counter = WordCounter("deep")
    told = answer(question, assistant(library, counter))
    assert counter.read[0][1] == 25 < CANDIDATES
    assert told.explanation.passages[0].quote.source == "20.txt"
    assert [each.score for each in told.explanation.passages] == [1.0, 0.0, 0.0]
    assert "rerank" in told.timings_ms
    assert "  rerank " in explanation(told).plain
    plain = answer(question, assistant(library, None))
    assert "rerank" not in plain.timings_ms
    found = search(question, library, FakeEmbedder(), k=3)
    assert [each.quote.source for each in plain.explanation.passages] == [each.passage.source for each in found]


def test_provenance_names_it(library: Library) -> None:
    without, with_it = (provenance(assistant(library, reranker)) for reranker in (None, WordCounter("deep")))
    assert without.embedder == "fake-embedder fake256"
    assert with_it.embedder == "fake-embedder fake256, reranked by counter c0"
    assert replace(with_it, embedder=without.embedder) == without


@pytest.mark.usefixtures("library")
def test_any_folder_is_named_in_the_settings(
    cross_encoder: Made, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = cross_encoder(1)
    here = resolve(str(folder), "rerank", tmp_path / "models")
    assert (here.task, task_of(folder)) == ("rerank", "rerank")
    session = Session(
        loaders=Loaders(embedder=lambda _: FakeEmbedder(), model=lambda _: FakeModel(lambda _: "The river Alder has 33 mills in its valley.", yes=0.9)),
        environ={
            "QA_RERANKER": str(folder), "QA_MODELS": str(tmp_path / "models")}, cwd=tmp_path, user_file=tmp_path / "user.toml",
    )  # fmt: skip
    run(["ask", "How many mills has the river Alder?", "--json"], session)
    assert f"reranked by {folder.name} {here.digest}" in capsys.readouterr().out


@pytest.mark.usefixtures("library")
def test_what_is_no_reranker_is_said_to_be_none(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def asked(name: str) -> str:
        loaders = Loaders(embedder=lambda _: FakeEmbedder(), model=lambda _: FakeModel())
        environ = {"QA_RERANKER": name, "QA_MODELS": str(tmp_path / "models")}
        assert (
            run(
                ["ask", "How many?"],
                Session(loaders=loaders, environ=environ, cwd=tmp_path, user_file=tmp_path / "user.toml"),
            )
            == 1
        )
        return capsys.readouterr().err

    assert (
        asked("org/reranker")
        == "error: the model org/reranker is not on this machine\nhint: qa models fetch org/reranker\n"
    )
    embedder = tmp_path / "embedder"
    embedder.mkdir()
    (embedder / "modules.json").write_text("[]")
    (embedder / "model.safetensors").write_bytes(b"")
    assert asked(str(embedder)) == f"error: {embedder} is an embedder, and a reranker is wanted\nhint: qa models list\n"
