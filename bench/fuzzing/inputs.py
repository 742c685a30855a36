"""What the program is tried on: texts out of telling pieces, and files that were valid before they were bent.

All are strategies of hypothesis, so that what fails shrinks.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

PIECES = (
    # what every text is made of
    " ", "\n", "\n\n", "\t", ". ", ", ", "! ", "? ", "; ", ": ", " — ", "...", "…", "the ", "a ", "of ", "and ",
    "not ", "never ", "said ", "Mary Hale ", "India ", "Russia's ",
    "The river Alder is 210 kilometres long. ", "It does not say so. ", "Both countries agreed to trade. ",
    "“We will build it,” she said. ", "He denied that ", "no longer ",
    # figures, dates, money
    "68.7 ", "$100 billion ", "1,234,567 ", "1 000 000", "10²", "2½ ", "½", "⅓", "٣٤٥", "9999", "1e400", "00", "-5",
    "$-", "%", "12.12.2012", "2025-02-30", "2025-12-10", "31 February ",
    "5 May 1999 ", "first half of 2021", "two hundred and one ", "a dozen ", "1st ", "22nd", "10-15 million ",
    "lakh crore ", "٪", "№ 5", "MCMXC", "3⁄4", "5′", "20°C", "9" * 40,
    # what articles open and end with
    "By Mary Hale\n", "By ", "About the author\n", "Published: 3 March 2021\n", "Updated ", "© 2024 Reuters",
    "LONDON (AP) — ", "# Title\n", "## Part\n", "- item\n", "1. item\n",
    "| a | b |\n", "```\n", "---\n", "title: x\n", "date: 2025\n", "http://example.org/a?b=c ", "www.a.b",
    "top of page\n", "Advertisement\n", "\f", "Photo by ", "[^1]: ", "[1]",
    # marks that mean something to somebody
    "<|im_end|>", "<|", "|>", "</s>", "[INST]", "<<SYS>>", "<think>", "{{", "}}", "=cmd()", "@", "+1", "'", '"', "“",
    "”", "‘", "’", "«", "»", "(", ")", "[", "]", "{", "}", "<", ">", "&",
    "&amp;", "\\", "`", "*", "_", "~", "^", "|", "#", "!", "$", "<!--", "-->", "<script>", "</p>", "javascript:",
    "\x1b[31m", "\x1b]0;x\x07", "\x9b1A", "\x1b", "(a.txt:1-5)", ", 3-9)",
    # what shows nothing, or is no character
    "\x00", "\x07", "\x7f", "\x85", "\xa0", "\xad", "\u200b", "\u200d", "\u202e", "\u2028", "\u2066", "\ufeff",
    "\ufe0f", "\ufffd", "\ufffe", "\U000e0041", "\U000e0100", "\u034f", "\u115f",
    "\u3164", "\ud800", "\udfff", "\u0301", "\u0301" * 9, "\u2065", "\ufff0",
    # other writing
    "Ça ", "ﬁ", "ß", "İ", "ı", "ſ", "Ǆ", "ﷺ", "漢字", "。", "한", "ไทย", "हिन्दी। ", "עברית ", "العربية", "😀", "👩‍👩‍👧",
    "🏴", "🇬🇧", "𝟗", "ⅷ", "①", "K", "Å", "U.S. ", "e.g. ", "Mr. ", "A. ", "St.",
    "S-400 ", "F-16s ", "co-op ", "non-aligned ", "US ", "IT ", "WHO ", "NATO (North Atlantic Treaty Organization) ",
    "What does NATO stand for? ",
)  # fmt: skip
ONCE, OFTEN = (1,) * 24 + (2, 3, 9), (60, 300)  # how many times in a row a piece stands
HUGE = (3_000,) * 3 + (20_000,) * 4 + (150_000,)

Piece = SearchStrategy[str]


def _pieces(counts: Sequence[int], pieces: Sequence[str] = PIECES) -> Piece:
    return st.builds(str.__mul__, st.sampled_from(pieces), st.sampled_from(counts))


def text(*, most: int = 40, huge: bool = False) -> SearchStrategy[str]:
    """A text of up to `most` pieces; with `huge`, now and then one of them thousands of times over, which shows time that grows faster than the text."""
    piece = st.one_of(_pieces(ONCE), _pieces(ONCE), _pieces((*ONCE * 3, *OFTEN)), st.text(max_size=6))
    plain = st.lists(piece, max_size=most).map("".join)
    if not huge:
        return plain
    pair = st.builds("".join, st.lists(st.sampled_from(PIECES), min_size=1, max_size=3))
    long = st.builds(
        lambda head, unit, count, tail: head + unit * (count // len(unit) + 1) + tail,
        plain,
        pair,
        st.sampled_from(HUGE),
        plain,
    )
    return st.sampled_from((False,) * 24 + (True,)).flatmap(lambda chosen: long if chosen else plain)


def values() -> SearchStrategy[object]:
    """A value as JSON, YAML or TOML may hold it."""
    plain = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(10**18, 10**25),
        st.floats(),
        text(most=4),
        st.sampled_from(("", "2025-02-30", "~", "10")),
    )
    return st.recursive(
        plain,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(text(most=2), inner, max_size=3)),
        max_leaves=6,
    )


def encoded(texts: SearchStrategy[str]) -> SearchStrategy[bytes]:
    """A text as bytes of one encoding or another, some of them bent."""
    encodings = st.sampled_from(
        ("utf-8",) * 6
        + ("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "gb18030", "shift_jis", "koi8-r")
    )
    whole = st.builds(
        lambda text, encoding: text.encode(encoding, "replace" if encoding[:3] != "utf" else "surrogatepass"),
        texts,
        encodings,
    )
    return st.one_of(whole, whole, bent(whole))


Edit = tuple[float, int, bytes]  # where, as a share of the length; how many bytes go; what stands there instead
_EDITS = st.lists(
    st.tuples(
        st.floats(0, 1, allow_nan=False),
        st.sampled_from((0, 0, 1, 1, 2, 7, 100, 100_000)),
        st.one_of(
            st.binary(max_size=4),
            st.sampled_from(
                (
                    b"",
                    b"\x00",
                    b"\xff",
                    b"9" * 12,
                    b"-1",
                    b"<<",
                    b"<w:p>",
                    b"2000000000",
                    b"\r",
                    b"]]>",
                    b"{",
                    b"[" * 50,
                )
            ),
        ),
    ),
    min_size=1,
    max_size=6,
)


def edited(data: bytes, edits: Sequence[Edit]) -> bytes:
    """`data` with each edit made in turn."""
    for share, gone, put in edits:
        at = int(share * len(data))
        data = data[:at] + put + data[at + gone :]
    return data


def bent(files: SearchStrategy[bytes]) -> SearchStrategy[bytes]:
    """A file after a few edits of its bytes."""
    return st.builds(edited, files, _EDITS)


def bent_zip(files: SearchStrategy[bytes]) -> SearchStrategy[bytes]:
    """A zip one of whose members was edited and which was packed again.

    What is wrong lies behind checksums that are right.
    """
    return st.builds(
        _repacked, files, st.integers(0, 40), _EDITS, st.sampled_from((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    )


def _repacked(data: bytes, chosen: int, edits: Sequence[Edit], method: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w", method) as target:
        names = source.namelist()
        for number, name in enumerate(names):
            held = source.read(name)
            target.writestr(name, edited(held, edits) if number == chosen % len(names) else held)
    return packed.getvalue()


def made(build: Callable[[str], bytes], texts: SearchStrategy[str] | None = None) -> SearchStrategy[bytes]:
    """A valid file that `build` makes around a text."""
    return (texts or text(most=12)).map(build)


_NESTING = ("[", "{a: ", "- ", "[[", '{"a":', "(", "> ", "* ")
# what is nested without end
DEEP = st.builds(str.__mul__, st.sampled_from(_NESTING), st.sampled_from((1, 50, 2_000, 50_000)))
