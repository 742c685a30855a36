"""The default engine: OpenVINO on the processor.

Takes messages; returns text, or how likely a yes is. The chat template and the tokeniser are the ones converted with
the model.

What several prompts have in common at their beginning (`Message.opening`) is read once and kept. It is always read in
the same pieces and always taken up from the copy, so that what was asked before cannot show in an answer, not in its
last bit.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from threading import Lock

import numpy as np

from index.errors import ModelError
from qa.models.catalog import LocalModel
from qa.models.convert import openvino_beside
from qa.models.engine import THOUGHT, TOLD, Generation, Message, Opinion, thinks
from qa.models.lookup import guess
from qa.models.openvino_reader import FloatArray, Kept, Reader

_KEPT = 4  # how many beginnings are remembered; 23 MB each for 400 tokens of the default model


class OpenVinoModel:
    """A folder of OpenVINO IR, or a GGUF that is converted to one beside it. Calls from several threads take turns."""

    def __init__(self, model: LocalModel) -> None:
        import openvino_genai

        folder = model.openvino or (openvino_beside(model.gguf) if model.gguf else None)
        if folder is None:
            raise ModelError(f"{model.name} is in no form that the engine openvino loads", "use --engine transformers")
        self.name = f"{model.name} (openvino)"
        self.digest = model.digest
        try:
            self._reader = Reader(folder)
            self._tokenizer = openvino_genai.Tokenizer(str(folder))
        except RuntimeError as error:
            raise ModelError(
                f"{model.name} cannot be loaded: {_first_line(error)}", f"qa models fetch {model.name}"
            ) from error
        self._end: int = self._tokenizer.get_eos_token_id()
        self._yes, self._no = (self._encode(word)[0] for word in ("Yes", "No"))
        self._thought = self._encode(THOUGHT)
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._turn = Lock()

    def generate(
        self, messages: Sequence[Message], *, max_tokens: int, on_text: Callable[[str], bool] | None = None
    ) -> Generation:
        with self._turn:
            logits, told = self._start(messages)
            written: list[int] = []
            sure = 0.0
            shown = ""
            for token, likelihood in self._continue(logits, told, max_tokens):
                written.append(token)
                sure += likelihood
                text: str = self._tokenizer.decode(written)
                if text.endswith("\ufffd"):  # a letter of which not all bytes are there
                    continue
                piece, shown = text[len(shown) :], text
                if on_text is not None and piece and on_text(piece):
                    break
            return Generation(shown, len(told), len(written), math.exp(sure / len(written)) if written else None)

    def opinion(self, messages: Sequence[Message]) -> Opinion:
        with self._turn:
            logits, _ = self._start(messages)
            state = self._reader.state()
        if self._thought == [int(logits[-1].argmax())]:
            raise thinks(self.name)
        return Opinion(1.0 / (1.0 + math.exp(float(logits[-1, self._no]) - float(logits[-1, self._yes]))), state)

    def _start(self, messages: Sequence[Message]) -> tuple[FloatArray, list[int]]:
        """Read a prompt: the logits after it, (1, vocabulary), and its tokens."""
        *shared, own = self._parts(messages)
        known = next((count for count in range(len(shared), 0, -1) if tuple(shared[:count]) in self._kept), 0)
        if known == 0:
            self._reader.clear()
        told = [token for part in shared[:known] for token in self._encode(part)]
        for count in range(known, len(shared)):
            if count:
                self._reader.resume(self._kept[tuple(shared[:count])])
            tokens = self._encode(shared[count])
            self._reader.feed(tokens)
            told += tokens
            self._kept[tuple(shared[: count + 1])] = self._reader.keep()
        if shared:
            self._reader.resume(self._kept[tuple(shared)])
            for count in range(len(shared), 0, -1):  # the shortest last: what others begin with is forgotten after them
                self._kept.move_to_end(tuple(shared[:count]))
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        tokens = self._encode(own)
        return self._reader.feed(tokens), told + tokens

    def _parts(self, messages: Sequence[Message]) -> list[str]:
        """The rendered prompt, cut behind each message's opening; the last part is the prompt's own."""
        told = [{"role": message.role, "content": message.content} for message in messages]
        rendered: str = self._tokenizer.apply_chat_template(told, True, extra_context=TOLD)
        parts = []
        for message in messages:
            before, opening, rest = rendered.partition(message.opening) if message.opening else ("", "", rendered)
            if opening:  # a template may have changed it: then there is nothing to share
                parts.append(before + opening)
                rendered = rest
        return [*parts, rendered]

    def _continue(self, logits: FloatArray, told: Sequence[int], max_tokens: int) -> Iterator[tuple[int, float]]:
        """Yield the likeliest next token and its log-probability; several at a time where text repeats the prompt."""
        history = list(told)
        row = logits[-1]
        token = int(row.argmax())
        written = 0
        while written < max_tokens and token != self._end:
            history.append(token)
            written += 1
            yield token, _log_probability(row, token)
            guessed = guess(history)
            rows = self._reader.feed([token, *guessed], last=1 + len(guessed))
            likeliest = rows.argmax(axis=1).tolist()
            right = next((count for count, token in enumerate(guessed) if token != likeliest[count]), len(guessed))
            for row, token in zip(rows, guessed[:right], strict=False):
                if written == max_tokens or token == self._end:
                    return
                history.append(token)
                written += 1
                yield token, _log_probability(row, token)
            self._reader.unread(len(guessed) - right)
            row, token = rows[right], likeliest[right]

    def _encode(self, text: str) -> list[int]:
        tokens: list[int] = self._tokenizer.encode(text, add_special_tokens=False).input_ids.data[0].tolist()
        return tokens


def _log_probability(row: FloatArray, token: int) -> float:
    """The log-probability of a token by the logits of its place, (vocabulary,)."""
    highest = row.max()
    return float(row[token] - highest) - math.log(float(np.exp(row - highest, dtype=np.float64).sum()))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]
