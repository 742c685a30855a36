"""Embedders of which only the weights, the configuration and the tokeniser are pinned.

Tiny ones, made here, run as the catalogue says.
"""

from __future__ import annotations

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from index.embed import Embedder
from index.embedders import load
from index.errors import ModelError
from qa.models import layout
from qa.models.catalog import Embedding, File, Model
from qa.models.convert import convert
from qa.models.fetch import fetch
from qa.models.installed import installed

WORDS = "[PAD] [UNK] [CLS] [SEP] the river is long query passage :".split()
KINDS = {"modernbert": Embedding("cls", 64, "", ""), "bert": Embedding("mean", 32, "query: ", "passage: ")}


@pytest.fixture(scope="module", params=KINDS)
def published(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The three files that are pinned, of random weights: a folder for each kind of the catalogue's models."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, ModernBertConfig, ModernBertModel

    kind = str(request.param)
    folder = tmp_path_factory.mktemp(kind)
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.add_special_tokens(WORDS[:4])
    tokenizer.save(str(folder / "tokenizer.json"))
    sizes = {
        "vocab_size": len(WORDS),
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "pad_token_id": 0,
    }
    torch.manual_seed(7)
    if kind == "bert":
        BertModel(BertConfig(**sizes)).save_pretrained(folder)
    else:
        config = ModernBertConfig(
            **sizes,
            cls_token_id=2,
            sep_token_id=3,
            bos_token_id=2,
            eos_token_id=3,
            local_attention=8,
            global_attn_every_n_layers=2,
        )
        ModernBertModel(config).save_pretrained(folder)
    return kind, folder


def reference(folder: Path, kind: str, text: str) -> np.ndarray:  # (32,) float32, unit length
    """The text, embedded by transformers alone."""
    import torch
    from tokenizers import Tokenizer
    from transformers import AutoModel

    ids = torch.tensor([Tokenizer.from_file(str(folder / "tokenizer.json")).encode(text).ids])
    with torch.no_grad():
        states = (
            AutoModel.from_pretrained(folder, attn_implementation="eager")
            .eval()(input_ids=ids, attention_mask=torch.ones_like(ids))
            .last_hidden_state[0]
        )
    row: np.ndarray = (states[0] if kind == "modernbert" else states.mean(0)).numpy()
    unit: np.ndarray = row / np.linalg.norm(row)
    return unit


def test_pooling_and_prefixes_are_those_of_the_catalogue(published: tuple[str, Path]) -> None:
    kind, folder = published
    embedding = KINDS[kind]
    assert layout.write(folder, embedding) == (
        "modules.json", "1_Pooling/config.json", "sentence_bert_config.json", "config_sentence_transformers.json", "tokenizer_config.json",
    )  # fmt: skip
    embedder: Embedder = load(folder, name=kind, digest="d", runtime="sentence-transformers")
    (passage,) = embedder.encode_passages(["the river is long"])
    np.testing.assert_allclose(
        passage, reference(folder, kind, f"{embedding.passage_prefix}the river is long"), atol=1e-5
    )
    np.testing.assert_allclose(
        embedder.encode_query("river"), reference(folder, kind, f"{embedding.query_prefix}river"), atol=1e-5
    )


@pytest.mark.skipif(find_spec("openvino") is None, reason="openvino has no wheel for this platform")
def test_openvino_runs_the_same(published: tuple[str, Path], tmp_path: Path) -> None:
    kind, folder = published
    layout.write(folder, KINDS[kind])
    convert("embedder-to-openvino", folder, tmp_path / "openvino")
    embedder = load(folder, name=kind, digest="d", converted=tmp_path / "openvino", runtime="openvino")
    expected = reference(folder, kind, f"{KINDS[kind].query_prefix}the river is long")
    assert float(embedder.encode_query("the river is long") @ expected) > 0.999
    settings = json.loads((tmp_path / "openvino/embedder.json").read_text())
    assert settings == {
        "max_tokens": KINDS[kind].max_tokens,
        "query_prompt": KINDS[kind].query_prefix,
        "passage_prompt": KINDS[kind].passage_prefix,
    }


def test_what_is_written_is_part_of_the_model_and_of_its_digest(tmp_path: Path) -> None:
    contents = {
        "config.json": b'{"hidden_size": 8, "pad_token_id": 0}',
        "tokenizer.json": b'{"added_tokens": [{"id": 0, "content": "[PAD]"}]}',
    }
    files = tuple(File(path, path, len(data), hashlib.sha256(data).hexdigest(), ()) for path, data in contents.items())

    def from_hub(_repo: str, _revision: str, path: str, staging: Path, _advance: object) -> Path:
        staging.mkdir(parents=True, exist_ok=True)
        (staging / path).write_bytes(contents[path])
        return staging / path

    digests = set()
    for number, prefix in enumerate(("", "query: ")):
        model = Model(
            f"toy{number}",
            "embed",
            "",
            "org/toy",
            "0" * 40,
            "MIT",
            files,
            1,
            1,
            embedding=Embedding("mean", 16, prefix, ""),
        )
        fetch(model, tmp_path, from_hub=from_hub)
        there = installed(model.name, tmp_path)
        assert there is not None
        assert {file.path for file in there.files} == {
            "config.json", "tokenizer.json", "modules.json", "1_Pooling/config.json", "sentence_bert_config.json",
            "config_sentence_transformers.json", "tokenizer_config.json",
        }  # fmt: skip
        digests.add(there.digest)
    assert len(digests) == 2


@pytest.mark.parametrize("config", ["{}", "[]", "not json", '{"hidden_size": 8, "pad_token_id": 5}'])
def test_a_configuration_that_says_too_little_is_refused(tmp_path: Path, config: str) -> None:
    (tmp_path / "config.json").write_text(config)
    (tmp_path / "tokenizer.json").write_text('{"added_tokens": [{"id": 0, "content": "[PAD]"}]}')
    with pytest.raises(ModelError, match="does not say how it is run"):
        layout.write(tmp_path, Embedding("cls", 16, "", ""))
