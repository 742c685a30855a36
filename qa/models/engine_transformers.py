"""The second engine: transformers on torch, for any hub model or folder, on a GPU if there is one.

Takes messages; returns text, or how likely a yes is, from the logits themselves. Only safetensors are read, and no code
that came with a model is run. On a processor the numbers are as the model was published, on a GPU in 16 bits;
deterministic algorithms are asked for there, and the name says the device, since another device rounds otherwise. A
GGUF is turned into safetensors once (`qa.models.convert`), never at a load.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from index.errors import ModelError
from qa.models.catalog import LocalModel
from qa.models.engine import DEPTH, THOUGHT, TOLD, Generation, Message, Opinion, thinks

if TYPE_CHECKING:
    import torch

_YES = ("Yes", " Yes", "yes", " yes", "YES")
_NO = ("No", " No", "no", " no", "NO")


class TransformersModel:
    """A causal language model with a chat template. Calls from several threads take turns."""

    def __init__(self, model: LocalModel) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()  # it would count tensors, for a second, on the user's terminal
        folder = _safetensors(model)
        self.digest = model.digest
        self._device, dtype = device()
        self.name = f"{model.name} (transformers{'' if self._device == 'cpu' else f' on {self._device}, {dtype}'})"
        if self._device == "cuda":
            # without it, cuBLAS may sum in another order the next time
            os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
            torch.use_deterministic_algorithms(True, warn_only=True)
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
            self._model: Any = AutoModelForCausalLM.from_pretrained(
                folder, dtype=dtype, use_safetensors=True, trust_remote_code=False, local_files_only=True
            )
        except (OSError, ValueError, KeyError) as error:
            message = (str(error).splitlines() or [type(error).__name__])[0]
            raise ModelError(
                f"{model.name} cannot be loaded by transformers: {message}", f"qa models fetch {model.name}"
            ) from error
        if self._tokenizer.chat_template is None:
            raise ModelError(
                f"{model.name} has no chat template, so it cannot be asked questions", "use an instruct or chat model"
            )
        self._turn = Lock()
        with self._at_work():
            self._model.to(self._device).eval()
        if self._tokenizer.pad_token_id is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token
        self._yes, self._no = (
            sorted({tokens[0] for word in words if (tokens := self._encode(word))}) for words in (_YES, _NO)
        )
        self._thought = self._encode(THOUGHT)

    def generate(
        self, messages: Sequence[Message], *, max_tokens: int, on_text: Callable[[str], bool] | None = None
    ) -> Generation:
        import torch
        from transformers import GenerationConfig

        ids = self._prompt(messages)
        words = _Words(self._tokenizer, ids.shape[1], on_text)
        config = GenerationConfig(
            max_new_tokens=max_tokens,
            do_sample=False,
            eos_token_id=self._model.generation_config.eos_token_id or self._tokenizer.eos_token_id,
            pad_token_id=self._tokenizer.pad_token_id,
        )
        with self._at_work(), torch.inference_mode():
            written = self._model.generate(
                ids, attention_mask=torch.ones_like(ids), generation_config=config, stopping_criteria=[words]
            )
        if not words.stopped:
            words.finish(written)
        return Generation(words.text, ids.shape[1], written.shape[1] - ids.shape[1])

    def opinion(self, messages: Sequence[Message]) -> Opinion:
        """As the protocol says; `yes` is summed over the first tokens of the usual spellings of both words."""
        import torch

        with self._at_work(), torch.inference_mode():
            read = self._model(self._prompt(messages), output_hidden_states=True)
        return self._opinion(read.logits[0, -1], read.hidden_states, 0)

    def opinions(self, conversations: Sequence[Sequence[Message]]) -> tuple[Opinion, ...]:
        """As `opinion`, all read at once, where a GPU has room to spare.

        Padded on the left, so that every prompt ends at the last place.

        On a processor one after the other: there a batch takes as long, and rounds otherwise.
        """
        if self._device == "cpu":
            return tuple(self.opinion(messages) for messages in conversations)
        with self._at_work():
            return self._read_at_once(conversations)

    def _read_at_once(self, conversations: Sequence[Sequence[Message]]) -> tuple[Opinion, ...]:
        import torch

        rendered = [self._rendered(messages) for messages in conversations]
        padded = self._tokenizer(
            rendered, add_special_tokens=False, padding=True, padding_side="left", return_tensors="pt"
        )
        # (prompts, length): each counts its own tokens from 0
        places = (padded.attention_mask.cumsum(-1) - 1).clamp(min=0)
        ids, mask, places = (each.to(self._device) for each in (padded.input_ids, padded.attention_mask, places))
        with torch.inference_mode():
            read = self._model(ids, attention_mask=mask, position_ids=places, output_hidden_states=True)
        return tuple(self._opinion(read.logits[row, -1], read.hidden_states, row) for row in range(len(rendered)))

    def _opinion(self, logits: torch.Tensor, hidden: Sequence[torch.Tensor], row: int) -> Opinion:
        """From the logits at the end of a prompt, (vocabulary,), and the residual streams of the batch, each (prompts, length, hidden size)."""
        import torch

        logits = logits.double() if self._device != "mps" else logits.cpu().double()  # mps has no numbers of 64 bits
        if self._thought == [int(logits.argmax())]:
            raise thinks(self.name)
        layers = hidden[1:]  # before them the embeddings
        state = layers[round(DEPTH * len(layers)) - 1][row, -1].tolist()
        shares = torch.logsumexp(logits[self._yes], 0), torch.logsumexp(logits[self._no], 0)
        return Opinion(float(torch.sigmoid(shares[0] - shares[1])), tuple(state))

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Hold the model for one call. Raises `ModelError` if the GPU has too little memory."""
        import torch

        with self._turn:
            try:
                yield
            except torch.OutOfMemoryError as error:
                raise ModelError(
                    f"the GPU has too little memory for {self.name}", "use a smaller model, or --engine openvino"
                ) from error

    def _prompt(self, messages: Sequence[Message]) -> torch.Tensor:  # (1, length) int64
        encoded: torch.Tensor = self._tokenizer(
            self._rendered(messages), add_special_tokens=False, return_tensors="pt"
        ).input_ids.to(self._device)
        return encoded

    def _rendered(self, messages: Sequence[Message]) -> str:
        conversation = [{"role": message.role, "content": message.content} for message in messages]
        rendered: str = self._tokenizer.apply_chat_template(
            conversation, add_generation_prompt=True, tokenize=False, **TOLD
        )
        return rendered

    def _encode(self, word: str) -> list[int]:
        tokens: list[int] = self._tokenizer.encode(word, add_special_tokens=False)
        return [token for token in tokens if token != self._tokenizer.unk_token_id]


def device() -> tuple[str, str]:
    """Where models run, and the kind of numbers there.

    Bfloat16 on a GPU that computes in it, else float16; on a processor those of the model's files.
    """
    import torch

    if torch.cuda.is_available():
        return "cuda", "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float16"
    if torch.backends.mps.is_available():
        return "mps", "bfloat16" if torch.backends.mps.is_macos_or_newer(14, 0) else "float16"
    return "cpu", "auto"


class _Words:
    """A stopping criterion that hands on the text as it grows, whole characters at a time, and stops when told to."""

    def __init__(self, tokenizer: Any, start: int, on_text: Callable[[str], bool] | None) -> None:
        self._tokenizer = tokenizer
        self._start = start
        self._on_text = on_text
        self.text = ""
        self.stopped = False

    def __call__(self, ids: torch.Tensor, _scores: object, **_: object) -> torch.Tensor:
        import torch

        if self._on_text is not None:
            grown = self._decode(ids)
            if not grown.endswith("\N{REPLACEMENT CHARACTER}"):  # else a character is still in pieces
                self._hand_on(grown)
        return torch.full((ids.shape[0],), self.stopped, dtype=torch.bool, device=ids.device)

    def finish(self, ids: torch.Tensor) -> None:
        self._hand_on(self._decode(ids))

    def _decode(self, ids: torch.Tensor) -> str:
        text: str = self._tokenizer.decode(ids[0, self._start :], skip_special_tokens=True)
        return text

    def _hand_on(self, grown: str) -> None:
        new = grown[len(self.text) :]
        self.text = grown
        if new and self._on_text is not None:
            self.stopped = self._on_text(new)


def _safetensors(model: LocalModel) -> Path:
    """The folder that transformers loads; a GGUF that has no such copy gets one, once, beside it."""
    if model.safetensors is not None:
        return model.safetensors
    if model.gguf is None:
        raise ModelError(f"{model.name} is in no form that the engine transformers loads", "use --engine openvino")
    from qa.models.convert import dequantise_beside

    return dequantise_beside(model.gguf)
