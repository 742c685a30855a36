"""The third engine: a model behind an OpenAI-compatible server (Ollama, llama-server, LM Studio, vLLM, `transformers serve`).

Takes messages; returns text, or how likely a yes is, over the server's `chat/completions`. The same prompts, checks and decisions as for a model of this
process. Nothing is sent to another machine unless the settings allow it; the key comes from the environment and is never shown.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

from index.errors import ModelError, SettingsError
from index.offline import asked
from qa.models.address import Address
from qa.models.engine import Generation, Message, Opinion

if TYPE_CHECKING:
    import httpx2

KEY = "QA_SERVER_KEY"  # the variable of the environment that holds the server's key, where it wants one
# seconds: until it answers at all, and between two pieces of a reply (a first prompt may be read that long)
CONNECT, SILENCE = 5.0, 180.0
TRIES, PAUSE, LONGEST_PAUSE = 4, 0.5, 20.0  # a busy server is asked again after 0.5, 1 and 2 seconds, or when it says
SPOKEN = 0.9  # P(Yes) of a server that gives no probabilities and says "Yes"
ALTERNATIVES = 20  # tokens whose probabilities are asked for: the most that the protocol allows

# Each is one way to switch a model's thinking off; a server that refuses a request for fields that it does not know is
# asked again with fewer.
_EXTRAS: tuple[Mapping[str, object], ...] = (
    {"chat_template_kwargs": {"enable_thinking": False}, "reasoning_effort": "none"},
    {"chat_template_kwargs": {"enable_thinking": False}},
    {},
)
_THINKS = "<think>"
_ROUNDED = 1e-3  # above 0, which is certain: how far a logarithm of a probability may be rounded up
_BUSY = (429, 500, 502, 503, 504)


class ServerModel:
    """A model of a server. Calls from several threads run side by side."""

    def __init__(
        self,
        address: Address,
        model: str,
        *,
        key: str | None = None,
        allow_remote: bool = False,
        transport: httpx2.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Ask the server what it says of the model. Of all this process only this client may use the network.

        Raises `SettingsError` for another machine that is not allowed, `ModelError` where the server cannot be used.
        """
        import httpx2

        if not address.is_loopback and not allow_remote:
            raise SettingsError(
                f"{address.host} is not this machine: questions and passages of your articles would be sent there",
                "set allow_remote = true in qa.toml if that is what you want",
            )
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx2.Client(
            base_url=f"{address.base}/",
            headers=headers,
            timeout=httpx2.Timeout(SILENCE, connect=CONNECT),
            trust_env=not address.is_loopback,  # a proxy has no business between two programs of one machine
            transport=transport,
        )
        self._address, self._model, self._pause = address, model, pause
        self._lock = Lock()
        self._extras = list(_EXTRAS)
        self.digest = self._identity()
        measured = self._asked([Message("user", "Reply Yes.")])[1] is not None
        self.name = f"{model} (server {address.host}{'' if measured else ', which gives no probabilities'})"

    def generate(
        self, messages: Sequence[Message], *, max_tokens: int, on_text: Callable[[str], bool] | None = None
    ) -> Generation:
        """As the protocol says. A reply that breaks off is asked for again as long as nothing of it was handed on."""
        for attempt in range(TRIES):
            pieces: list[str] = []
            usage: dict[str, Any] = {}
            try:
                for piece in self._streamed(messages, max_tokens, usage):
                    pieces.append(piece)
                    if on_text is not None and on_text(piece):
                        break
                return Generation(
                    _spoken("".join(pieces)),
                    _count(usage, "prompt_tokens", 0),
                    _count(usage, "completion_tokens", len(pieces)),
                )
            except _BrokenError as broken:
                if attempt == TRIES - 1 or (pieces and on_text is not None):
                    raise broken.told() from broken
                self._pause(min(PAUSE * 2**attempt, LONGEST_PAUSE))
        raise AssertionError("the last attempt returns or raises")

    def opinion(self, messages: Sequence[Message]) -> Opinion:
        """As the protocol says, without a state.

        From the probabilities of the first token where the server gives them. Else a spoken yes counts as `SPOKEN`, a
        no as the rest, anything else as even.
        """
        text, alternatives = self._asked(messages)
        if alternatives:
            yes, no = (
                sum(math.exp(value) for token, value in alternatives if token.strip().casefold() == word)
                for word in ("yes", "no")
            )
            if yes + no > 0:
                return Opinion(yes / (yes + no))
        said = text.strip().casefold()
        if said.startswith(_THINKS):
            raise ModelError(
                f"{self._model} thinks before it replies, and the server does not switch that off",
                "use a model without thinking (its name often says instruct), or start the server with thinking off",
            )
        return Opinion(SPOKEN if said.startswith("yes") else 1 - SPOKEN if said.startswith("no") else 0.5)

    def _identity(self) -> str:
        """A short hash of what the server says of the model, times aside: some give the time of the request."""
        listed = self._json("GET", "models").get("data")
        if not isinstance(listed, list) or not all(
            isinstance(one, dict) and isinstance(one.get("id"), str) for one in listed
        ):
            raise self._no_server()
        known = {one["id"]: one for one in listed}
        if self._model not in known:
            names = ", ".join(sorted(known)[:6]) or "none"
            raise ModelError(
                f"the server at {self._address.host} has no model {self._model}; it has {names}",
                "name one of them with --model",
            )
        stable = {field: value for field, value in known[self._model].items() if field not in ("created", "permission")}
        return hashlib.sha256(json.dumps(stable, sort_keys=True).encode()).hexdigest()[:12]

    def _asked(self, messages: Sequence[Message]) -> tuple[str, list[tuple[str, float]] | None]:
        """The first word of a reply, and the log-probabilities of what else it could have been; `None` where the server does not give them."""
        body = {**self._body(messages, 1), "logprobs": True, "top_logprobs": ALTERNATIVES}
        reply = self._json("POST", "chat/completions", body)
        try:
            choice = reply["choices"][0]
            text = _text(choice["message"].get("content"))
            told = (choice.get("logprobs") or {}).get("content") or []
            alternatives = [_alternative(one) for one in told[0].get("top_logprobs") or ()] if told else []
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise self._no_server() from error
        return text, alternatives or None

    def _streamed(self, messages: Sequence[Message], max_tokens: int, usage: dict[str, Any]) -> Iterator[str]:
        """The pieces of a reply as they come; `usage` is filled when the server tells it."""
        import httpx2

        body = {**self._body(messages, max_tokens), "stream": True, "stream_options": {"include_usage": True}}
        finished = False
        with self._sent("POST", "chat/completions", body) as response:
            try:
                # in one piece, or from what is no such server
                if "text/event-stream" not in response.headers.get("content-type", ""):
                    told = json.loads(response.read())
                    usage.update(told.get("usage") or {})
                    yield _text(told["choices"][0]["message"]["content"])
                    return
                for event in httpx2.EventSource(response):
                    if event.data.strip() == "[DONE]":
                        finished = True
                        break
                    told = json.loads(event.data)
                    if told.get("error"):  # where it fails after it had begun
                        raise self._refused(500, _reason(event.data))
                    usage.update(told.get("usage") or {})
                    for choice in told.get("choices") or ():
                        finished = finished or choice.get("finish_reason") is not None
                        if piece := _text((choice.get("delta") or {}).get("content")):
                            yield piece
            except httpx2.TimeoutException as error:
                raise self._silent() from error
            except httpx2.TransportError as error:
                raise _BrokenError(self._address) from error
            except (httpx2.SSEError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
                raise self._no_server() from error
        if not finished:
            raise _BrokenError(self._address)

    def _body(self, messages: Sequence[Message], max_tokens: int) -> dict[str, object]:
        told = [{"role": message.role, "content": message.content} for message in messages]
        return {"model": self._model, "messages": told, "max_tokens": max_tokens, "temperature": 0, "seed": 0}

    def _json(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        import httpx2

        with self._sent(method, path, body) as response:
            try:
                told = json.loads(response.read())
            except httpx2.TimeoutException as error:
                raise self._silent() from error
            except httpx2.TransportError as error:
                raise _BrokenError(self._address).told() from error
            except (ValueError, RecursionError) as error:
                raise self._no_server() from error
        if not isinstance(told, dict):
            raise self._no_server()
        return told

    @contextmanager
    def _sent(self, method: str, path: str, body: Mapping[str, object] | None) -> Iterator[httpx2.Response]:
        """A response that says it went well.

        A busy server is asked again, one that refuses a field is asked with fewer.
        """
        import httpx2

        attempt = 0
        while True:
            extras = self._extras[0]
            request = self._client.build_request(method, path, json=None if body is None else {**body, **extras})
            try:
                with asked():
                    response = self._client.send(request, stream=True)
            except httpx2.TimeoutException as error:
                raise self._silent() from error
            except (httpx2.TransportError, httpx2.InvalidURL) as error:
                raise ModelError(
                    f"no server answers at {self._address.base}",
                    "start it, or leave --engine out to use a model of this disk",
                ) from error
            try:
                if response.status_code == 200:
                    yield response
                    return
                refusal = _refusal(response)
                if response.status_code in _BUSY and attempt < TRIES - 1:
                    wait = _told_wait(response) or PAUSE * 2**attempt
                elif (
                    response.status_code in (400, 422)
                    and body is not None
                    and not _is_too_long(refusal)
                    and self._fewer(extras)
                ):
                    continue
                else:
                    raise self._refused(response.status_code, refusal)
            finally:
                response.close()
            attempt += 1
            self._pause(min(wait, LONGEST_PAUSE))

    def _fewer(self, extras: Mapping[str, object]) -> bool:
        """Leave out what was sent in vain; False where nothing is left to leave out."""
        with self._lock:
            if self._extras[0] is extras and len(self._extras) > 1:
                self._extras.pop(0)
                return True
            return self._extras[0] is not extras

    def _refused(self, status: int, told: str) -> ModelError:
        host = self._address.host
        if status in (401, 403):
            return ModelError(
                f"the server at {host} wants a key, or another one", f"set it in the environment: {KEY}=…"
            )
        if _is_too_long(told):
            message = f"what was asked does not fit into the context of {self._model}: {told}"
            return ModelError(message, "start the server with a longer context, or use --passages 4")
        if status in _BUSY:
            return ModelError(f"the server at {host} is busy or failing: {told}", "try again, or look into its log")
        if status == 404:
            return ModelError(
                f"the server at {host} does not know {self._model}, or the address lacks its /v1: {told}",
                "check --engine and --model",
            )
        return ModelError(f"the server at {host} refuses the request ({status}): {told}", "look into its log")

    def _no_server(self) -> ModelError:
        return ModelError(
            f"what answers at {self._address.base} is no OpenAI-compatible server",
            "check the address; it often ends in /v1",
        )

    def _silent(self) -> ModelError:
        return ModelError(
            f"the server at {self._address.host} has said nothing for too long",
            "look into its log, or use a smaller model",
        )


class _BrokenError(Exception):
    """A reply that ended before it was finished."""

    def __init__(self, address: Address) -> None:
        super().__init__(address.host)
        self._address = address

    def told(self) -> ModelError:
        return ModelError(
            f"the server at {self._address.host} broke off in the middle of a reply",
            "look into its log, then ask again",
        )


def _text(told: object) -> str:
    """The words of a reply or of a piece of it, none where there is none. Raises TypeError for what are no words."""
    if told is None:
        return ""
    if not isinstance(told, str):
        raise TypeError("no text")
    return told


def _alternative(told: dict[str, Any]) -> tuple[str, float]:
    """A token and its log-probability. Raises LookupError, TypeError or ValueError for what is neither."""
    value = float(told["logprob"])
    if not value <= _ROUNDED:
        raise ValueError("no logarithm of a probability")
    return _text(told["token"]), value


def _count(usage: dict[str, Any], field: str, otherwise: int) -> int:
    """How many tokens the server says there were; what it does not say in a whole number it does not say."""
    told = usage.get(field)
    return told if isinstance(told, int) and not isinstance(told, bool) else otherwise


def _spoken(text: str) -> str:
    """A reply without the thoughts before it."""
    head, mark, rest = text.partition("</think>")
    return (rest if mark and head.lstrip().startswith(_THINKS) else text).strip()


def _refusal(response: httpx2.Response) -> str:
    """What the server says of why it refuses, on one line."""
    import httpx2

    try:
        return _reason(response.read().decode("utf-8", "replace"))
    except httpx2.TransportError:
        return "no reason given"


def _reason(text: str) -> str:
    """The message of an error as servers write it, else all that was said, on one line."""
    try:
        told = json.loads(text)
        error = told.get("error", told) if isinstance(told, dict) else told
        text = str(error.get("message", error) if isinstance(error, dict) else error)
    except (ValueError, RecursionError):
        pass
    return " ".join(text.split())[:200] or "no reason given"


def _told_wait(response: httpx2.Response) -> float | None:
    try:
        return max(0.0, float(response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _is_too_long(told: str) -> bool:
    lower = told.casefold()
    return "context" in lower and any(
        word in lower for word in ("length", "exceed", "size", "window", "too long", "larger")
    )
