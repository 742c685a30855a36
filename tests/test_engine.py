from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from index.errors import ModelError
from qa.models.catalog import LocalModel
from qa.models.engine import Generation, LanguageModel, Message, Opinion, opinions
from qa.models.engines import choose, load
from qa.models.late import late
from tests.fakes import FakeModel

if TYPE_CHECKING:
    import torch
    from transformers import LlamaForCausalLM

    from qa.models.engine_transformers import TransformersModel

needs_openvino = pytest.mark.skipif(
    find_spec("openvino_genai") is None, reason="openvino-genai has no wheel for this platform"
)
ASK = [Message("system", "answer"), Message("user", "the trade goal is what")]


def local(
    folder: Path, *, openvino: Path | None = None, gguf: Path | None = None, safetensors: Path | None = None
) -> LocalModel:
    return LocalModel("toy", "answer", "0123456789ab", folder, openvino, gguf, safetensors)


def noting(pieces: list[str]) -> Callable[[str], bool]:
    """What notes each piece and never stops."""

    def note(piece: str) -> bool:
        pieces.append(piece)
        return False

    return note


@needs_openvino
def test_the_fastest_engine_that_can_run_a_model_is_chosen(tmp_path: Path) -> None:
    assert choose(local(tmp_path, openvino=tmp_path)) == ("openvino", "it is the fastest on a processor")
    assert choose(local(tmp_path, gguf=tmp_path / "model.gguf")) == ("openvino", "it is the fastest on a processor")
    assert choose(local(tmp_path, safetensors=tmp_path)) == (
        "transformers",
        "the model is neither a GGUF nor an OpenVINO folder",
    )
    assert choose(local(tmp_path, openvino=tmp_path), "transformers") == ("transformers", "it was asked for")
    with pytest.raises(ModelError, match="toy is in no form that the engine openvino loads") as caught:
        choose(local(tmp_path, safetensors=tmp_path), "openvino")
    assert caught.value.hint == "use --engine transformers"


def test_the_fake_model_replays_its_queue_and_notes_what_it_was_asked() -> None:
    model = FakeModel(["one two  three", "four"], yes=0.25)
    pieces: list[str] = []
    assert model.generate(ASK, max_tokens=2, on_text=noting(pieces)) == Generation("one two  ", 6, 2)
    assert pieces == ["one ", "two  "]
    assert model.generate(ASK[1:], max_tokens=9) == Generation("four", 5, 1)
    assert model.calls == [tuple(ASK), tuple(ASK[1:])]
    assert model.opinion(ASK).yes == 0.25
    with pytest.raises(AssertionError, match="no reply is left"):
        model.generate(ASK, max_tokens=1)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> LocalModel:
    """A random Llama of one layer over a vocabulary of whole words, with a chat template."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = "<unk> <end> <user> <system> <reply> Yes yes No the trade goal is what answer a b c d e f g h".split()
    tokens = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="<unk>"))
    tokens.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    template = "{% for m in messages %}<{{ m.role }}> {{ m.content }} {% endfor %}{% if add_generation_prompt %}<reply>{% endif %}"
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=tokens, unk_token="<unk>", eos_token="<end>", pad_token="<end>", chat_template=template
    )
    torch.manual_seed(31)  # writes eight tokens, and then ends
    config = LlamaConfig(
        vocab_size=len(words), hidden_size=16, intermediate_size=32, num_hidden_layers=4, num_attention_heads=2, eos_token_id=1, bos_token_id=0,
        pad_token_id=1, initializer_range=1.0,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("llama")
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return local(folder, safetensors=folder)


PROMPT = "<system> answer <user> the trade goal is what <reply>"


@pytest.mark.model
def test_transformers_writes_the_likeliest_token_each_time(toy: LocalModel) -> None:
    model = load(toy)
    words, ids = _reference(toy)
    for _ in range(12):
        following = int(_logits(toy, ids).argmax())
        if following == 1:
            break
        ids.append(following)
    expected = " ".join(words[n] for n in ids[len(PROMPT.split()) :])
    assert (model.name, model.digest) == ("toy (transformers)", "0123456789ab")
    pieces: list[str] = []
    written = model.generate(ASK, max_tokens=12, on_text=noting(pieces))
    assert written.text == expected
    assert len(expected.split()) > 3
    assert written.prompt_tokens == len(PROMPT.split())
    assert "".join(pieces) == expected
    assert model.generate(ASK, max_tokens=12) == written


@pytest.mark.model
def test_transformers_stops_when_told_to(toy: LocalModel) -> None:
    model = load(toy)
    whole = model.generate(ASK, max_tokens=12).text.split()
    seen: list[str] = []

    def stop_at_the_third(piece: str) -> bool:
        seen.append(piece)
        return len(seen) == 3

    written = model.generate(ASK, max_tokens=12, on_text=stop_at_the_third)
    assert written.text.split() == whole[:3]
    assert (written.tokens, len(seen)) == (3, 3)


@pytest.mark.model
def test_transformers_weighs_yes_against_no_over_their_spellings(toy: LocalModel) -> None:
    import math

    words, ids = _reference(toy)
    logits = _logits(toy, ids)
    share = {word: math.exp(float(logits[words.index(word)])) for word in ("Yes", "yes", "No")}
    expected = (share["Yes"] + share["yes"]) / sum(share.values())
    assert load(toy).opinion(ASK).yes == pytest.approx(expected, abs=1e-5)


@pytest.mark.model
def test_transformers_tells_its_state_three_quarters_of_the_way_up(toy: LocalModel) -> None:
    found = load(toy).opinion(ASK).state
    assert found == pytest.approx(_state(toy, _reference(toy)[1]), abs=1e-5)


@pytest.mark.model
def test_prompts_of_any_length_read_at_once_are_read_as_one_by_one(toy: LocalModel) -> None:
    model = cast("TransformersModel", load(toy))
    conversations = [ASK, [Message("user", "what")], [*ASK, Message("assistant", "a b c d e f g h")]]
    alone = [model.opinion(messages) for messages in conversations]
    for one, together in zip(alone, model._read_at_once(conversations), strict=True):
        assert together.yes == pytest.approx(one.yes, abs=1e-3)
        assert together.state == pytest.approx(one.state, abs=1e-2)  # of 90: another order of adding up
    assert model.opinions(conversations) == tuple(alone)  # on a processor, to the bit


@pytest.mark.model
def test_on_a_gpu_prompts_are_read_at_once_in_its_numbers_and_the_name_tells_both(
    toy: LocalModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    # "cpu:0" is the processor to torch, and to the engine another device than "cpu"
    monkeypatch.setattr("qa.models.engine_transformers.device", lambda: ("cpu:0", "bfloat16"))
    model = cast("TransformersModel", load(toy))
    shapes: list[tuple[int, ...]] = []
    model._model.register_forward_pre_hook(lambda _module, given: shapes.append(tuple(given[0].shape)))
    read = model.opinions([ASK, ASK[1:], ASK])
    assert shapes == [(3, 9)]  # the prompts, at the length of the longest
    assert read[0] == read[2] != read[1]
    assert model.opinions([ASK, ASK[1:], ASK]) == read
    assert model.name == "toy (transformers on cpu:0, bfloat16)"
    assert {weights.dtype for weights in model._model.parameters()} == {torch.bfloat16}


@pytest.mark.parametrize(
    ("cuda", "brain", "mps", "new", "expected"),
    [
        (True, True, False, False, ("cuda", "bfloat16")),
        (True, False, False, False, ("cuda", "float16")),  # a GPU that would only emulate bfloat16
        (False, False, True, True, ("mps", "bfloat16")),
        (False, False, True, False, ("mps", "float16")),
        (False, False, False, False, ("cpu", "auto")),
    ],
)
def test_the_device_is_a_gpu_where_there_is_one_with_the_numbers_it_computes_in(
    monkeypatch: pytest.MonkeyPatch, *, cuda: bool, brain: bool, mps: bool, new: bool, expected: tuple[str, str]
) -> None:
    import torch

    from qa.models.engine_transformers import device

    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(
        torch.cuda, "is_bf16_supported", lambda *, including_emulation: brain and not including_emulation
    )
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    monkeypatch.setattr(torch.backends.mps, "is_macos_or_newer", lambda *_: new)
    assert device() == expected


@pytest.mark.model
def test_a_gpu_without_room_is_an_error_of_one_line(toy: LocalModel, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    model = load(toy)

    def full(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB.")

    monkeypatch.setattr(torch.nn.Module, "__call__", full)
    with pytest.raises(ModelError, match=r"^the GPU has too little memory for toy \(transformers\)$") as caught:
        model.opinion(ASK)
    assert caught.value.hint == "use a smaller model, or --engine openvino"


class Twin(FakeModel):
    """A fake that notes how many it is asked at once."""

    def opinions(self, conversations: Sequence[Sequence[Message]]) -> tuple[Opinion, ...]:
        self.groups = [*getattr(self, "groups", []), len(conversations)]
        return tuple(self.opinion(messages) for messages in conversations)


def test_several_questions_for_yes_or_no_are_asked_at_once_where_a_model_can() -> None:
    able, plain = Twin(yes=0.3), FakeModel(yes=0.3)
    assert (
        opinions(able, [ASK, ASK[1:]])
        == opinions(plain, [ASK, ASK[1:]])
        == opinions(late(lambda: able), [ASK, ASK[1:]])
        == (Opinion(0.3), Opinion(0.3))
    )
    assert able.groups == [2, 2]
    assert opinions(able, [ASK]) == (Opinion(0.3),)
    assert opinions(able, []) == ()
    assert able.groups == [2, 2]
    assert able.asked == [tuple(ASK), tuple(ASK[1:])] * 2 + [tuple(ASK)]


@pytest.mark.model
def test_a_folder_without_safetensors_is_refused(tmp_path: Path, toy: LocalModel) -> None:
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((toy.folder / name).read_bytes())
    # would run a command if it were unpickled
    (tmp_path / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'exit 1'\ntR.")
    with pytest.raises(ModelError, match="toy cannot be loaded by transformers"):
        load(local(tmp_path, safetensors=tmp_path))


def _reference(toy: LocalModel) -> tuple[list[str], list[int]]:
    """The vocabulary in order, and the prompt as it must be rendered."""
    import json

    vocabulary: dict[str, int] = json.loads((toy.folder / "tokenizer.json").read_text())["model"]["vocab"]
    return sorted(vocabulary, key=vocabulary.__getitem__), [vocabulary[word] for word in PROMPT.split()]


def _logits(toy: LocalModel, ids: list[int]) -> torch.Tensor:
    import torch
    from transformers import LlamaForCausalLM

    model: LlamaForCausalLM = LlamaForCausalLM.from_pretrained(toy.folder).eval()
    with torch.no_grad():
        last: torch.Tensor = model(torch.tensor([ids])).logits[0, -1]
    return last


def _state(toy: LocalModel, ids: list[int]) -> list[float]:
    """What the third of the four layers hands on at the last token."""
    import torch
    from transformers import LlamaForCausalLM

    model: LlamaForCausalLM = LlamaForCausalLM.from_pretrained(toy.folder).eval()
    handed_on: list[torch.Tensor] = []
    model.model.layers[2].register_forward_hook(
        lambda _module, _given, out: handed_on.append(out[0] if isinstance(out, tuple) else out)
    )
    with torch.no_grad():
        model(torch.tensor([ids]))
    state: list[float] = handed_on[0][0, -1].tolist()
    return state


FRANCE = [Message("user", "Name the capital of France in one short sentence.")]


@pytest.mark.model
@needs_openvino
def test_openvino_writes_the_same_text_streamed_or_not_and_in_any_order(small_model: LanguageModel) -> None:
    other = [Message("user", "Count from one to ten.")]
    first = small_model.generate(FRANCE, max_tokens=24)
    assert "Paris" in first.text
    assert 0 < first.tokens <= 24
    pieces: list[str] = []
    small_model.generate(other, max_tokens=24)
    assert small_model.generate(FRANCE, max_tokens=24, on_text=noting(pieces)) == first
    assert "".join(pieces) == first.text


@pytest.mark.model
@needs_openvino
def test_openvino_stops_when_told_to(small_model: LanguageModel) -> None:
    whole = small_model.generate(FRANCE, max_tokens=24).text
    seen: list[str] = []

    def stop_at_the_second(piece: str) -> bool:
        seen.append(piece)
        return len(seen) == 2

    stopped = small_model.generate(FRANCE, max_tokens=24, on_text=stop_at_the_second).text
    assert stopped == "".join(seen)
    assert len(seen) == 2
    assert whole.startswith(stopped)
    assert len(stopped) < len(whole)


@pytest.mark.model
@needs_openvino
def test_openvino_leaves_at_once_when_the_reader_breaks_off_and_works_on(small_model: LanguageModel) -> None:
    def interrupted(_: str) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        small_model.generate(FRANCE, max_tokens=200, on_text=interrupted)
    assert "Paris" in small_model.generate(FRANCE, max_tokens=24).text


@pytest.mark.model
@needs_openvino
def test_openvino_takes_turns_between_threads(small_model: LanguageModel) -> None:
    expected = small_model.generate(FRANCE, max_tokens=12)
    found: list[Generation] = []
    threads = [
        threading.Thread(target=lambda: found.append(small_model.generate(FRANCE, max_tokens=12))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 3


@pytest.mark.model
@needs_openvino
def test_the_default_model_tells_yes_from_no_whatever_was_asked_before(language_model: LanguageModel) -> None:
    def asked(text: str, question: str) -> list[Message]:
        return [
            Message("user", f"Text: {text}\nQuestion: {question}\nDoes the text answer the question? Reply Yes or No.")
        ]

    yes = asked("Paris is the capital of France.", "What is the capital of France?")
    no = asked("Bananas are yellow.", "What is the capital of France?")
    before = [language_model.opinion(messages) for messages in (yes, no)]
    assert before[0].yes > 0.9
    assert before[1].yes < 0.2
    assert [len(opinion.state) for opinion in before] == [1536, 1536]
    assert [language_model.opinion(messages) for messages in (no, yes, yes, no)] == [
        before[1],
        before[0],
        before[0],
        before[1],
    ]


@pytest.mark.model
@needs_openvino
def test_a_damaged_openvino_model_is_an_error_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "openvino_model.xml").write_text("<net")
    with pytest.raises(ModelError, match="toy cannot be loaded: ") as caught:
        load(local(tmp_path, openvino=tmp_path))
    assert caught.value.hint == "qa models fetch toy"
    assert "\n" not in caught.value.message
