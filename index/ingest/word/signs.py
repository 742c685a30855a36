"""Letters and signs in place of those that fonts of signs (Symbol, Wingdings) draw for other characters.

Word writes "≤" of the font Symbol as the character U+F0A3 of that font, as a `sym` element or as text. Symbol: Adobe's
Symbol encoding, https://www.unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt
"""

from __future__ import annotations

UNKNOWN = "\ufffd"
_PRIVATE = 0xF000  # where such fonts have their signs: the code of a byte is added to it
_SYMBOL = dict(zip(range(0x21, 0x7F), (
    "!∀#∃%&∋()∗+,−./0123456789:;<=>?"
    "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
    "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
), strict=True)) | dict(zip(range(0xA0, 0xFF), (
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵"
    "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"
    "◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\ufffd〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
), strict=True))  # fmt: skip
_WINGDINGS = {0x6C: "●", 0x6E: "■", 0x6F: "☐", 0x71: "☐", 0x72: "☐", 0x78: "☒", 0xA7: "▪", 0xA8: "☐", 0xD8: "➢",
              0xDF: "←", 0xE0: "→", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0xA3: "☐"}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}


def sign_of(font: str | None, code: str | None) -> str:
    """The sign of a `sym` element, whose code is written in hexadecimal; U+FFFD for one that is not known."""
    try:
        number = int(code or "", 16)
    except ValueError:
        return UNKNOWN
    known = _FONTS.get((font or "").casefold())
    if known is not None:
        return known.get(number & 0xFF, UNKNOWN)
    is_letter = number < 0xD800 or 0xF900 <= number <= 0xFFFD  # of an ordinary font
    return chr(number) if is_letter and chr(number).isprintable() else UNKNOWN


def spelled(font: str | None, text: str) -> str:
    """A text that is set in this font, its signs in place of the characters of such a font; others stay."""
    known = _FONTS.get((font or "").casefold())
    if known is None or text.isascii():
        return text
    return "".join(known.get(ord(mark) - _PRIVATE, mark) for mark in text)
