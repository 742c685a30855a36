"""What a language model is to the rest of `qa`, and the choice of the engine that runs it.

In: a model that `qa.resolve` found on this machine. Out: a `LanguageModel`. Knows nothing of prompts, evidence or answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal, Protocol

from index.errors import ModelError
from qa.catalog import LocalModel

EngineName = Literal["auto", "openvino", "transformers"]
Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation with a model."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Generation:
    """What a model wrote, and how many tokens it read and wrote for it."""

    text: str
    prompt_tokens: int
    tokens: int


class LanguageModel(Protocol):
    """A model that continues a conversation, always with its likeliest next token, so that the same messages give the same text.

    `name` says which model and which engine; `digest` is the identity of the weights (short SHA-256), whatever engine computes them.
    """

    name: str
    digest: str

    def generate(self, messages: Sequence[Message], *, max_tokens: int, on_text: Callable[[str], bool] | None = None) -> Generation:
        """The reply, at most `max_tokens` long. `on_text` gets each new piece as it is written, and returns True to stop."""

    def probability_of_yes(self, messages: Sequence[Message]) -> float:
        """P(Yes) / (P(Yes) + P(No)) for the first word of the reply, in [0, 1]."""


def load(model: LocalModel, *, engine: EngineName = "auto") -> LanguageModel:
    """The model, in the engine that was asked for or in the one that `choose` finds. Raises `ModelError` when it cannot be run so."""
    name, _ = choose(model, engine)
    if name == "openvino":
        from qa.engine_openvino import OpenVinoModel

        return OpenVinoModel(model)
    from qa.engine_transformers import TransformersModel

    return TransformersModel(model)


def choose(model: LocalModel, engine: EngineName = "auto") -> tuple[Literal["openvino", "transformers"], str]:
    """The engine that would run the model, and one sentence of why. Raises `ModelError` when the engine that was asked for cannot."""
    runnable = model.openvino is not None or model.gguf is not None
    present = find_spec("openvino_genai") is not None
    if engine == "openvino":
        if not present:
            raise ModelError("the engine openvino is not installed", "use --engine transformers, or pip install openvino-genai")
        if not runnable:
            raise ModelError(f"{model.name} is in no form that the engine openvino loads", "use --engine transformers")
        return "openvino", "it was asked for"
    if engine == "transformers":
        return "transformers", "it was asked for"
    if not present:
        return "transformers", "openvino-genai is not installed (it has no wheel for some platforms)"
    if not runnable:
        return "transformers", "the model is neither a GGUF nor an OpenVINO folder"
    return "openvino", "it is the fastest on a processor"
