"""Answer several questions of a batch at once, and yield the answers in order.

Each worker opens its own library in its own thread, since a library belongs to one. The answers are the same as one by
one; only the waiting overlaps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, nullcontext
from queue import SimpleQueue
from threading import Thread

from index.records import Filter
from qa.batch.answers import Ask
from qa.questions.rows import Asked
from qa.records import Answer

Opened = Callable[[], AbstractContextManager[Ask]]
Asking = Callable[[Sequence[Asked]], AbstractContextManager[Ask]]
_Job = tuple[Asked, "Future[Answer]"]


def one_by_one(ask: Ask) -> Asking:
    """The way to ask when each question waits for the one before."""
    return lambda _: nullcontext(ask)


@contextmanager
def ahead(questions: Sequence[Asked], opened: Opened, *, jobs: int) -> Iterator[Ask]:
    """A way to ask `questions` in their order, each once, with the next `jobs - 1` already under way.

    What a worker raises, asking raises.
    """
    waiting: SimpleQueue[_Job | None] = SimpleQueue()
    # a daemon: Ctrl-C waits for none
    workers = [
        Thread(target=_work, args=(waiting, opened), name=f"ahead {number}", daemon=True) for number in range(jobs)
    ]
    coming = iter(dict.fromkeys(questions))
    futures: dict[Asked, Future[Answer]] = {}

    def start(key: Asked | None) -> None:
        if key is not None:
            futures[key] = Future()
            waiting.put((key, futures[key]))

    def ask(question: str, within: Filter) -> Answer:
        if (question, within) not in futures:  # asked a second time, where the first came to nothing
            start((question, within))
        try:
            return futures.pop((question, within)).result()
        finally:
            start(next(coming, None))

    for _ in range(jobs):
        start(next(coming, None))
    for worker in workers:
        worker.start()
    try:
        yield ask
    finally:
        for future in futures.values():
            future.cancel()
        for _ in workers:
            waiting.put(None)


def _work(waiting: SimpleQueue[_Job | None], opened: Opened) -> None:
    """Answer until told to stop. Where no way to ask can be opened, every question gets that error."""
    try:
        with opened() as ask:
            while (job := waiting.get()) is not None:
                (question, within), future = job
                if not future.set_running_or_notify_cancel():
                    continue
                try:
                    future.set_result(ask(question, within))
                except BaseException as error:  # noqa: BLE001  # raised again where the answer is waited for
                    future.set_exception(error)
    except BaseException as error:  # noqa: BLE001  # likewise
        while (job := waiting.get()) is not None:
            if job[1].set_running_or_notify_cancel():
                job[1].set_exception(error)
