"""The default engine: OpenVINO GenAI on the processor, with prompt-lookup decoding.

In: messages. Out: text, or how likely a yes is. The chat template and the tokeniser are the ones converted with the model.

Prefix caching is off, although it would save reading the same instructions twice: with it, what is computed for a prompt depends in the
last bits on which prompts came before (log-probabilities were seen to move by 0.05), and the same question must get the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any, Literal

from index.errors import ModelError
from qa.models.catalog import LocalModel
from qa.models.engine import Generation, Message

_ENDED = object()


class OpenVinoModel:
    """A folder of OpenVINO IR, or else a GGUF. Calls from several threads take turns."""

    def __init__(self, model: LocalModel) -> None:
        import openvino_genai

        path = model.openvino or model.gguf
        if path is None:
            raise ModelError(f"{model.name} is in no form that the engine openvino loads", "use --engine transformers")
        self.name = f"{model.name} (openvino)"
        self.digest = model.digest
        scheduler = openvino_genai.SchedulerConfig()
        scheduler.enable_prefix_caching = False
        try:
            # no CACHE_DIR: loading a compiled copy took 9.8 s where compiling takes 3.6 s
            self._pipeline = openvino_genai.LLMPipeline(str(path), "CPU", prompt_lookup=True, scheduler_config=scheduler)
        except RuntimeError as error:
            raise ModelError(f"{model.name} cannot be loaded: {_first_line(error)}", f"qa models verify {model.name}") from error
        self._tokenizer = self._pipeline.get_tokenizer()
        self._turn = Lock()

    def generate(self, messages: Sequence[Message], *, max_tokens: int, on_text: Callable[[str], bool] | None = None) -> Generation:
        pieces: list[str] = []

        def take(piece: str) -> bool:
            pieces.append(piece)
            return on_text is not None and on_text(piece)

        result = self._run(self._render(messages), self._config(max_tokens), take)
        return Generation("".join(pieces), result.perf_metrics.get_num_input_tokens(), result.perf_metrics.get_num_generated_tokens())

    def probability_of_yes(self, messages: Sequence[Message]) -> float:
        """P(Yes) / (P(Yes) + P(No)) for the first word of the reply, in [0, 1].

        One token is written under a grammar that allows nothing but Yes and No; its log-probability comes as it was before the grammar
        (forcing each word in turn gave two that add up to 0.99 or more). Where that token is likelier than not, the other word is taken to
        have what is left, which errs by no more than the probability of any third word; where it is not, the other word is scored too.
        """
        prompt = self._render(messages)
        word, probability = self._score(prompt, "Yes|No")
        if probability < 0.5:
            _, other = self._score(prompt, "No" if word == "Yes" else "Yes")
            probability /= probability + other
        return probability if word == "Yes" else 1.0 - probability

    def warm(self) -> None:
        """Repack the weights now, which the first prompt after loading would otherwise pay for; meant for a background thread."""
        self.generate([Message("user", "word " * 64)], max_tokens=1)

    def _score(self, prompt: str, words: Literal["Yes|No", "Yes", "No"]) -> tuple[str, float]:
        import openvino_genai

        config = self._config(1)
        config.logprobs = 1
        config.structured_output_config = openvino_genai.StructuredOutputConfig(regex=words)
        result = self._run(prompt, config, lambda _: False)
        text: str = result.texts[0]
        return ("Yes" if text.startswith("Y") else "No"), math.exp(result.scores[0])

    def _config(self, max_tokens: int) -> Any:
        config = self._pipeline.get_generation_config()
        config.max_new_tokens = max_tokens
        config.apply_chat_template = False  # the prompt is rendered already
        config.do_sample = False
        config.num_assistant_tokens = 5
        config.max_ngram_size = 3
        return config

    def _render(self, messages: Sequence[Message]) -> str:
        rendered: str = self._tokenizer.apply_chat_template([{"role": message.role, "content": message.content} for message in messages], True)
        return rendered

    def _run(self, prompt: str, config: Any, take: Callable[[str], bool]) -> Any:
        """Generate in another thread, so that Ctrl-C is heard while the model works; `take` is called in this one, piece by piece."""
        pieces: SimpleQueue[object] = SimpleQueue()
        verdicts: SimpleQueue[bool] = SimpleQueue()
        abandoned = Event()
        outcome: list[Any] = []

        def pass_on(piece: str) -> bool:
            if abandoned.is_set():
                return True
            pieces.put(piece)
            return verdicts.get()

        def work() -> None:
            try:
                with self._turn:
                    if not abandoned.is_set():
                        outcome.append(self._pipeline.generate([prompt], config, pass_on))
            except RuntimeError as error:
                outcome.append(error)
            finally:
                pieces.put(_ENDED)

        Thread(target=work, daemon=True).start()
        stopped = False
        try:
            while isinstance(piece := pieces.get(), str):
                stopped = stopped or take(piece)  # a piece may be on its way when the stop is asked for: it is dropped
                verdicts.put(stopped)
        except BaseException:  # Ctrl-C, or a mistake in `take`: either way the other thread must not wait for a verdict
            abandoned.set()
            verdicts.put(True)
            raise
        if isinstance(outcome[0], RuntimeError):
            raise ModelError(f"{self.name} failed: {_first_line(outcome[0])}", "qa doctor") from outcome[0]
        return outcome[0]


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]
