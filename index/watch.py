"""Watch files and folders: yields when something in them has changed and come to rest.

Knows nothing of their content.

What was moved away and came back is followed again. Hidden files and the library's own are ignored. What
links lead to is not followed either: it is looked at with the next change of something else.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.errors import SourceError

_REST = 400  # milliseconds without a change after which a file counts as written,
_LONGEST = 5_000  # and those after which it is read anyway, and again when it is complete
_TICK = 1_000


def moments(paths: Sequence[Path], library: Path) -> Iterator[bool]:
    """Every second, and whenever something has changed: whether it has.

    The first time it may have, before anybody looked.

    Ends by KeyboardInterrupt alone. Raises SourceError where the system does not let that much be followed.
    """
    from watchfiles import Change, watch

    own = library.resolve()

    def is_followed(_: Change, name: str) -> bool:
        path = Path(name)
        home = next((each for each in paths if path.is_relative_to(each)), path)
        return own not in (path, *path.parents) and not any(
            part.startswith(".") for part in path.relative_to(home).parts
        )

    while True:
        there = _there(paths)
        if not there:
            time.sleep(_TICK / 1000)
            yield True
            continue
        try:
            ticks = watch(
                *there,
                watch_filter=is_followed,
                debounce=_LONGEST,
                step=_REST,
                rust_timeout=_TICK,
                yield_on_timeout=True,
                raise_interrupt=True,
            )
            for number, changes in enumerate(ticks):
                yield bool(changes) or number == 0
                # to the system, a replaced file is another one, and what was moved away is not watched any
                # longer
                if _there(paths) != there or (changes and not all(path.is_dir() for path in there)):
                    break
        except (OSError, RuntimeError) as error:
            if _there(paths) != there:
                continue
            message = f"the system does not let these folders be followed: {' '.join(str(error).split())}"
            raise SourceError(
                message,
                "allow more, as root: sysctl fs.inotify.max_user_watches=524288; or run qa index from time to time",
            ) from error


def _there(paths: Sequence[Path]) -> list[Path]:
    return [path for path in paths if path.exists()]
