from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from index.embed import Embedder, FloatArray, unit_rows
from index.embed_bert import graph
from index.embed_openvino import OpenVinoEmbedder
from index.embed_openvino import convert as convert_embedder
from index.embed_torch import SentenceTransformerEmbedder, passage_prompt, query_prompt
from index.embedders import load
from index.errors import ModelError
from index.running import GROUP, in_bytes
from qa.models.convert import convert
from tests.conftest import fetched
from tests.fakes import FakeEmbedder, place

needs_openvino = pytest.mark.skipif(find_spec("openvino") is None, reason="openvino has no wheel for this platform")


def test_the_fake_embedder_counts_words() -> None:
    embedder = FakeEmbedder(dimension=64)
    trade, goal = place("trade", 64), place("goal", 64)
    assert trade != goal
    expected = np.zeros((2, 64), dtype=np.float32)
    expected[0, trade], expected[0, goal] = np.float32(2 / 5**0.5), np.float32(1 / 5**0.5)
    expected[1, 0] = 1.0
    rows = embedder.encode_passages(["Trade, goal: TRADE!", "..."])
    np.testing.assert_allclose(rows, expected, rtol=1e-6)
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(embedder.encode_query("goal trade trade"), rows[0])
    assert embedder.encode_passages([]).shape == (0, 64)
    assert (embedder.texts, embedder.queries) == (["Trade, goal: TRADE!", "..."], ["goal trade trade"])


def test_rows_are_divided_by_their_length_and_an_empty_one_is_left() -> None:
    rows = unit_rows(np.array([[3, 4], [0, 0], [-5, 0]], dtype=np.float32))
    np.testing.assert_array_equal(rows, np.array([[0.6, 0.8], [0, 0], [-1, 0]], dtype=np.float32))


def test_the_prompts_that_a_model_declares_are_found_under_any_of_their_names() -> None:
    assert query_prompt({"query": "query: ", "passage": "passage: "}) == "query: "
    assert passage_prompt({"query": "query: ", "document": "", "passage": "passage: "}) == "passage: "
    assert (query_prompt({}), passage_prompt({"query": "query: "})) == ("", "")


def test_a_runtime_that_has_no_copy_of_the_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="the embedder toy has not been converted for OpenVINO") as caught:
        load(tmp_path, name="toy", digest="", runtime="openvino")
    assert caught.value.hint == "qa models fetch toy"


@pytest.mark.model
def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="does not hold a sentence-transformers model"):
        load(tmp_path, name="toy", digest="")


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random BERT over whole words that reads 12 tokens, with prompts and without a normalising layer."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = "[PAD] [UNK] [CLS] [SEP] query passage : trade goal india russia the a of by year india's".split()
    tokens = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
    tokens.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=tokens, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    )
    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("bert")
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, max_position_embeddings=16,
        initializer_range=0.5,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder / "transformer")
    tokenizer.save_pretrained(folder / "transformer")
    transformer = Transformer(str(folder / "transformer"), max_seq_length=12)
    model = SentenceTransformer(
        modules=[transformer, Pooling(16, "mean")], device="cpu", prompts={"query": "query : ", "passage": "passage : "}
    )
    model.save(str(folder / "model"))
    return folder / "model"


TEXTS = (
    "trade goal",
    "the goal of india by the year a the trade of russia the goal of a year",
    "russia",
    "nothing known",
    "",
)


def by_hand(folder: Path, texts: list[str]) -> FloatArray:
    """Mean of the last hidden states, of BERT on its own, one text at a time; cut at 12 tokens."""
    import torch
    from transformers import AutoTokenizer, BertModel

    tokenizer, bert = AutoTokenizer.from_pretrained(folder), BertModel.from_pretrained(folder).eval()
    rows = []
    for text in texts:
        with torch.no_grad():
            rows.append(
                bert(**tokenizer(text, truncation=True, max_length=12, return_tensors="pt"))
                .last_hidden_state[0]
                .mean(dim=0)
                .numpy()
            )
    return unit_rows(np.array(rows))


@pytest.mark.model
def test_sentence_transformers_gives_unit_rows_with_the_prompts_of_the_model(toy: Path) -> None:
    embedder = load(toy, name="toy", digest="d")
    assert isinstance(embedder, SentenceTransformerEmbedder)
    assert (embedder.name, embedder.digest, embedder.dimension) == ("toy", "d", 16)
    np.testing.assert_allclose(
        embedder.encode_passages(TEXTS), by_hand(toy, [f"passage : {text}" for text in TEXTS]), atol=1e-5
    )
    np.testing.assert_allclose(embedder.encode_query("trade goal"), by_hand(toy, ["query : trade goal"])[0], atol=1e-5)
    assert embedder.encode_passages([]).shape == (0, 16)


@pytest.mark.model
@needs_openvino
def test_the_converted_copy_gives_the_same_rows(toy: Path, tmp_path: Path) -> None:
    convert("embedder-to-openvino", toy, tmp_path / "openvino")
    embedder = load(toy, name="toy", digest="d", converted=tmp_path / "openvino")
    assert (embedder.name, embedder.digest, embedder.dimension) == ("toy", "d", 16)
    rows = embedder.encode_passages(TEXTS)
    assert rows.dtype == np.float32
    cosines = (rows * by_hand(toy, [f"passage : {text}" for text in TEXTS])).sum(axis=1)
    assert cosines.min() > 0.999
    assert float(embedder.encode_query("trade goal") @ by_hand(toy, ["query : trade goal"])[0]) > 0.999
    assert embedder.encode_passages([]).shape == (0, 16)
    with pytest.raises(ModelError, match="cannot be loaded"):
        load(toy, name="toy", digest="d", converted=tmp_path)


@pytest.mark.model
@needs_openvino
def test_a_folder_that_cannot_be_converted_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="empty could not be converted: "):
        convert("embedder-to-openvino", tmp_path / "empty", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


@pytest.mark.model
@needs_openvino
def test_without_sentence_transformers_the_copy_is_made_from_the_weights(
    toy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passages, query = by_hand(toy, [f"passage : {text}" for text in TEXTS]), by_hand(toy, ["query : trade goal"])[0]
    for name in ("sentence_transformers", "torch", "transformers"):
        monkeypatch.setitem(sys.modules, name, None)
    convert_embedder(toy, tmp_path / "openvino")
    embedder = load(toy, name="toy", digest="d", converted=tmp_path / "openvino")
    assert isinstance(embedder, OpenVinoEmbedder)
    assert (embedder.exact_passages(TEXTS) * passages).sum(axis=1).min() > 0.999
    assert float(embedder.encode_query("trade goal") @ query) > 0.999


@needs_openvino
@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("config.json", '{"model_type": "mpnet"}', "its model_type is 'mpnet' and not 'bert'"),
        (
            "config.json",
            '{"model_type": "bert", "hidden_act": "gelu_new"}',
            "its hidden_act is 'gelu_new' and not 'gelu'",
        ),
        ("1_Pooling/config.json", '{"pooling_mode_cls_token": true}', "it is Transformer, Pooling with cls"),
        (
            "modules.json",
            '[{"type": "a.Transformer"}, {"type": "a.Pooling"}, {"type": "a.Dense"}]',
            "it is Transformer, Pooling, Dense with mean",
        ),
        ("model.safetensors", "\xff" * 16, "model.safetensors is cut short"),
    ],
)
def test_what_is_not_known_without_sentence_transformers_names_the_extra(
    file: str, content: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "toy" / "1_Pooling").mkdir(parents=True)
    known = {
        "config.json": '{"model_type": "bert", "hidden_act": "gelu"}',
        "modules.json": '[{"type": "a.Transformer"}, {"type": "a.Pooling"}]',
        "1_Pooling/config.json": '{"pooling_mode_mean_tokens": true}',
        "model.safetensors": "",
    }
    for name, held in {**known, file: content}.items():
        (tmp_path / "toy" / name).write_bytes(held.encode("latin-1"))
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelError) as caught:
        convert_embedder(tmp_path / "toy", tmp_path / "openvino")
    assert caught.value.message == f"toy cannot be converted without sentence-transformers: {why}"
    assert caught.value.hint == "pip install 'vouch-qa[torch]'"
    assert not (tmp_path / "openvino").exists()


@pytest.mark.model
@needs_openvino
def test_the_default_embedder_made_from_its_weights_is_the_one_that_torch_makes() -> None:
    import openvino

    model = fetched("all-MiniLM-L6-v2")
    assert model.openvino is not None
    core = openvino.Core()
    draw = np.random.default_rng(7)
    tokens = draw.integers(999, 20_000, (3, 40))
    mask = np.ones_like(tokens)
    mask[1, 20:], mask[2, 1:] = 0, 0
    given = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
    made = [
        unit_rows(core.compile_model(each, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(given)[0])
        for each in (graph(model.folder), core.read_model(model.openvino / "openvino_model.xml"))
    ]
    np.testing.assert_allclose(made[0], made[1], atol=1e-5)


@pytest.mark.model
def test_the_default_embedder_does_not_let_its_company_show(embedder: Embedder) -> None:
    texts = ["India and Russia set a goal of $100 billion by 2030.", "Bananas are yellow.", "trade " * 300, "Oil.", ""]
    rows = embedder.encode_passages(texts)
    assert rows.shape == (5, embedder.dimension) == (5, 384)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(embedder.encode_passages(texts[::-1])[::-1], rows, atol=1e-6)
    np.testing.assert_allclose(np.array([embedder.encode_passages([text])[0] for text in texts]), rows, atol=1e-6)
    query = embedder.encode_query("What trade target did India and Russia set?")
    assert int(np.argmax(rows @ query)) == 0


@needs_openvino
def test_a_layer_in_bytes_gives_almost_the_same() -> None:
    import openvino
    from openvino import opset13

    draw = np.random.default_rng(5)
    weights, given = (
        draw.normal(size=(8, 2 * GROUP)).astype(np.float32),
        draw.normal(size=(3, 2 * GROUP)).astype(np.float32),
    )
    for width, kinds in ((2 * GROUP, ["i8"]), (2 * GROUP - 1, [])):  # a row that groups do not fill is left as it is
        entry = opset13.parameter([-1, width], np.float32)
        model = openvino.Model(
            [opset13.matmul(entry, opset13.constant(weights[:, :width]), transpose_a=False, transpose_b=True)], [entry]
        )
        in_bytes(model)
        types = [
            node.get_element_type().get_type_name() for node in model.get_ops() if node.get_type_name() == "Constant"
        ]
        assert [kind for kind in types if kind == "i8"] == kinds
        found = openvino.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([given[:, :width]])[0]
        np.testing.assert_allclose(found, given[:, :width] @ weights[:, :width].T, atol=0.35)
        assert np.abs(found - given[:, :width] @ weights[:, :width].T).mean() < 0.1


@pytest.mark.model
@needs_openvino
def test_passages_in_bytes_are_near_those_in_full() -> None:
    model = fetched("all-MiniLM-L6-v2")
    texts = [
        "trade",
        "India and Russia set a goal of $100 billion by 2030.",
        "Café Zürich — “quoted”",
        "the corridor " * 200,
    ]
    fast = load(model.folder, name=model.name, digest=model.digest, converted=model.openvino, runtime="openvino")
    assert isinstance(fast, OpenVinoEmbedder)
    assert (fast.encode_passages(texts) * fast.exact_passages(texts)).sum(axis=1).min() > 0.998


@pytest.mark.model
@needs_openvino
def test_both_runtimes_of_the_default_embedder_agree() -> None:
    model = fetched("all-MiniLM-L6-v2")
    texts = ["India and Russia set a goal of $100 billion by 2030.", "Café Zürich — “quoted”", "the corridor " * 200]
    fast = load(model.folder, name=model.name, digest=model.digest, converted=model.openvino, runtime="openvino")
    full = load(model.folder, name=model.name, digest=model.digest, runtime="sentence-transformers")
    assert isinstance(fast, OpenVinoEmbedder)
    assert (fast.exact_passages(texts) * full.encode_passages(texts)).sum(axis=1).min() > 0.999
    assert (fast.encode_passages(texts) * full.encode_passages(texts)).sum(axis=1).min() > 0.998
