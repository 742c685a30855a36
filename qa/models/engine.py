"""The protocol of language models, which every engine implements.

Knows nothing of prompts, evidence or answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from index.errors import ModelError

Role = Literal["system", "user", "assistant"]
DEPTH = 0.75  # of a model's layers: where `Opinion.state` is looked at
# What chat templates are told: not to have a model think aloud, and a date that stays, since Llama's would else put
# today's into every prompt.
TOLD: dict[str, object] = {"enable_thinking": False, "date_string": "26 Jul 2024"}
THOUGHT = "<think>"  # the token with which models begin to think aloud


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation with a model.

    `opening` is the beginning of `content` that other prompts share: an engine may remember it.
    """

    role: Role
    content: str
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a model makes of a question for Yes or No.

    `yes` is P(Yes) / (P(Yes) + P(No)) for the first word of the reply, in [0, 1]. `state` is what the model holds of
    the whole prompt as it begins to reply: the residual stream at the last token, three quarters of the way up its
    layers, (hidden size,); empty where an engine cannot look inside.
    """

    yes: float
    state: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Generation:
    """What a model wrote, and how many tokens it read and wrote for it.

    `sure` is the geometric mean of the probabilities of the tokens written, in (0, 1]; None where an engine does not
    tell.
    """

    text: str
    prompt_tokens: int
    tokens: int
    sure: float | None = None


class LanguageModel(Protocol):
    """A model that continues a conversation, always with its likeliest next token, so that the same messages give the same text.

    `name` says which model and which engine; `digest` is the identity of the weights (short SHA-256), whatever engine computes them.
    """

    name: str
    digest: str

    def generate(
        self, messages: Sequence[Message], *, max_tokens: int, on_text: Callable[[str], bool] | None = None
    ) -> Generation:
        """The reply, at most `max_tokens` long.

        `on_text` gets each new piece as it is written, and returns True to stop.
        """

    def opinion(self, messages: Sequence[Message]) -> Opinion:
        """Whether the reply would be Yes or No; the messages ask for one of them."""


@runtime_checkable
class Together(Protocol):
    """A model that reads several questions for Yes or No at once, in less time than one after the other."""

    def opinions(self, conversations: Sequence[Sequence[Message]]) -> tuple[Opinion, ...]:
        """The opinion on each, in order."""


def opinions(model: LanguageModel, conversations: Sequence[Sequence[Message]]) -> tuple[Opinion, ...]:
    """What the model makes of each, at once where it can."""
    if isinstance(model, Together) and len(conversations) > 1:
        return model.opinions(conversations)
    return tuple(model.opinion(messages) for messages in conversations)


def thinks(name: str) -> ModelError:
    """The message about a model that thinks aloud when it is asked for Yes or No."""
    hint = "use a model without thinking (its name often says instruct)"
    return ModelError(f"{name} thinks before it replies, and its chat template does not switch that off", hint)
