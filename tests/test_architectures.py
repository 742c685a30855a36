"""A tiny GGUF of each architecture that the catalogue offers, made here, through the real readers and engines.

The logits are those of transformers.
"""

from __future__ import annotations

import math
import random
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from index.errors import ModelError
from qa.models.catalog import READABLE, LocalModel
from qa.models.convert import convert
from qa.models.engine import TOLD, Message
from qa.models.engine_openvino import OpenVinoModel
from qa.models.engine_transformers import TransformersModel
from qa.models.openvino_reader import Reader
from qa.models.rope import Rotations, rotations
from tests.gguf_files import DATED, THINKING, encoded, made, write

pytestmark = pytest.mark.skipif(
    find_spec("openvino_genai") is None, reason="openvino-genai has no wheel for this platform"
)

ASKED = [Message("user", "Does it say so?")]
PROMPTS = {  # what the templates make of it: an empty thought, and a date that is not today's
    THINKING: "<|start|>user\nDoes it say so?<|end|>\n<|start|>assistant\n<think>\n\n</think>\n\n",
    DATED: "<|begin|>Today: 26 Jul 2024\n<|start|>user\nDoes it say so?<|end|>\n<|start|>assistant\n",
}
NEAR = (
    0.15  # root mean square: logits spread by 1.7; 8-bit weights, 16 bits and another order of adding make 0.04 to 0.08
)


class Made:
    """A model of random weights, as a GGUF, converted for OpenVINO, and as transformers has it."""

    def __init__(self, folder: Path, architecture: str, *, scaled: bool = False) -> None:
        self.model = made(architecture, scaled=scaled)
        self.template = DATED if architecture == "llama" else THINKING
        self.gguf = write(
            folder / "model.gguf", architecture, self.model, template=self.template, eight_bits=architecture == "qwen3"
        )
        self.openvino = folder / "openvino"
        convert("gguf-to-openvino", self.gguf, self.openvino)

    def local(self, *, safetensors: Path | None = None) -> LocalModel:
        return LocalModel("tiny", "answer", "d", self.gguf.parent, self.openvino, self.gguf, safetensors)

    @property
    def prompt(self) -> list[int]:
        return encoded(PROMPTS[self.template])


@pytest.fixture(scope="module", params=READABLE)
def tiny(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp(request.param), request.param)


@pytest.fixture(scope="module")
def scaled(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Rotations scaled as those of Llama 3.2 are."""
    return Made(tmp_path_factory.mktemp("scaled"), "llama", scaled=True)


def logits(model: Any, tokens: list[int]) -> np.ndarray:  # (tokens, vocabulary)
    with torch.no_grad():
        found: np.ndarray = model(torch.tensor([tokens])).logits[0].numpy()
    return found


def rms(difference: np.ndarray) -> float:
    """The root mean square: the largest of 52,400 differences is chance, and another on another processor."""
    return float(np.sqrt(np.mean(np.square(difference))))


def test_openvino_reads_what_transformers_reads(tiny: Made) -> None:
    tokens = list(range(20, 220))
    wanted = logits(tiny.model, tokens)
    read = Reader(tiny.openvino).feed(tokens, last=len(tokens))
    assert read.shape == wanted.shape == (200, 262)
    assert rms(read - wanted) < NEAR
    assert np.corrcoef(read.ravel(), wanted.ravel())[0, 1] > 0.995


def test_it_answers_and_weighs_yes_against_no(tiny: Made) -> None:
    model = OpenVinoModel(tiny.local())
    written = model.generate(ASKED, max_tokens=8)
    assert (written.prompt_tokens, 1 <= written.tokens <= 8) == (len(tiny.prompt), True)
    assert model.generate(ASKED, max_tokens=8) == written
    last = logits(tiny.model, tiny.prompt)[-1]
    yes, no = encoded("Yes")[0], encoded("No")[0]
    assert model.opinion(ASKED).yes == pytest.approx(1 / (1 + math.exp(float(last[no] - last[yes]))), abs=0.08)


def test_what_is_remembered_of_prompts_changes_no_reply_whatever_comes_between(tiny: Made) -> None:
    def prompt(task: str, read: str) -> tuple[Message, ...]:
        return Message("system", task, opening=task), Message("user", f"{read} Is it so?", opening=read)

    prompts = [prompt(task, read) for task in ("Read.", "Check.") for read in ("It rains.", "It snows.", "It pours.")]
    alone = [OpenVinoModel(tiny.local()).opinion(each).yes for each in prompts]
    model = OpenVinoModel(tiny.local())
    for place in random.Random(0).choices(range(len(prompts)), k=40):
        assert model.opinion(prompts[place]).yes == pytest.approx(alone[place], abs=0.02)


def test_the_template_is_told_not_to_think_and_a_date_that_stays(tiny: Made) -> None:
    import openvino_genai

    tokenizer = openvino_genai.Tokenizer(str(tiny.openvino))
    rendered = tokenizer.apply_chat_template([{"role": "user", "content": "Does it say so?"}], True, extra_context=TOLD)
    assert rendered == PROMPTS[tiny.template]
    assert tokenizer.encode(rendered, add_special_tokens=False).input_ids.data[0].tolist() == tiny.prompt


def test_a_model_that_thinks_all_the_same_is_not_taken_at_its_word(tmp_path: Path) -> None:
    model = made("qwen3")
    prompt = PROMPTS[THINKING].removesuffix("<think>\n\n</think>\n\n")
    with torch.no_grad():
        rows = model.model.embed_tokens.weight
        rows[encoded("<think>")[0]] = 0
        last = model(torch.tensor([encoded(prompt)]), output_hidden_states=True).hidden_states[-1][0, -1]
        rows[encoded("<think>")[0]] = (4 * last / last.norm()).half().float()  # so that it says this next
    template = THINKING.partition("{% if enable_thinking")[0] + "{% endif %}"
    gguf = write(tmp_path / "model.gguf", "qwen3", model, template=template)
    convert("gguf-to-openvino", gguf, tmp_path / "openvino")
    with pytest.raises(
        ModelError,
        match=r"^tiny \(openvino\) thinks before "
        r"it replies, and its chat template does not switch that off$",
    ):
        OpenVinoModel(LocalModel("tiny", "answer", "d", tmp_path, tmp_path / "openvino", gguf, None)).opinion(ASKED)


def test_scaled_rotations_are_heeded_by_openvino(scaled: Made) -> None:
    tokens = list(range(20, 220))
    read = Reader(scaled.openvino).feed(tokens, last=len(tokens))
    assert rms(read - logits(scaled.model, tokens)) < NEAR
    plain = made("llama")  # the same weights, turned as the file's own base says
    assert rms(read - logits(plain, tokens)) > 10 * NEAR


@pytest.mark.model  # slow to convert: in the tests that run real models
def test_transformers_reads_the_file_as_it_is_meant(tiny: Made, tmp_path: Path) -> None:
    through_transformers(tiny, tmp_path)


@pytest.mark.model  # slow to convert: in the tests that run real models
def test_scaled_rotations_are_heeded_by_transformers(scaled: Made, tmp_path: Path) -> None:
    through_transformers(scaled, tmp_path)


def through_transformers(of: Made, tmp_path: Path) -> None:
    convert("gguf-to-safetensors", of.gguf, tmp_path / "safetensors")
    model = TransformersModel(of.local(safetensors=tmp_path / "safetensors"))
    assert model.generate(ASKED, max_tokens=4).prompt_tokens == len(of.prompt)
    last = logits(of.model, of.prompt)[-1]
    spelled = [encoded(word)[0] for word in ("Yes", "yes", " Yes")], [encoded(word)[0] for word in ("No", "no", " No")]
    shares = [sum(math.exp(float(last[token])) for token in set(tokens)) for tokens in spelled]
    assert model.opinion(ASKED).yes == pytest.approx(shares[0] / sum(shares), abs=0.05)


def test_rotations_that_no_configuration_gives_are_not_run_by_transformers(scaled: Made) -> None:
    found = rotations(scaled.gguf)
    assert found is not None
    assert found.frequencies == pytest.approx(scaled.model.model.rotary_emb.inv_freq.numpy(), rel=1e-4)
    assert found.parameters() == {
        "rope_type": "llama3", "rope_theta": 10000.0, "factor": pytest.approx(32.0), "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 64,
    }  # fmt: skip
    with pytest.raises(
        ModelError, match="its rotations are scaled in a way that transformers has no name for"
    ) as caught:
        Rotations(10000.0, np.linspace(1, 9, 16)).parameters()
    assert caught.value.hint == "use --engine openvino"
