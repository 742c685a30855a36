"""Words in any writing: what belongs to one, and which writings set no spaces between them.

A letter with its marks is one: the vowel signs of Hindi are marks (Unicode's Mn and Mc), and no letters to `re`.
"""

from __future__ import annotations

import re

_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09d7\u09e2\u09e3\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u0a81-\u0a83\u0abc-\u0acd"
    "\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3c-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d\u0d57\u0d82\u0d83\u0dca-\u0ddf"
)
_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"  # Chinese characters
_KATAKANA = "\u30a1-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_KATAKANA_WORD = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_HIRAGANA = "\u3041-\u309f"
_EASTERN = f"{_HAN}{_KATAKANA}{_HIRAGANA}"
# and Thai, Lao, Burmese, Khmer
_UNSPACED = f"{_EASTERN}\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ebd\u0ec0-\u0ecd\u1000-\u103f\u1780-\u17d3"

# a stretch of a writing without spaces, or a word
RUNS = rf"[{_EASTERN}]+"  # whole stretches of Chinese and Japanese
SPACED = rf"[^\W_{_UNSPACED}]"  # a letter or a figure of a writing with spaces
RUN = rf"(?P<unspaced>[{_UNSPACED}]+)|{SPACED}(?:{SPACED}|[{_MARKS}])*"
LETTER = rf"[^\W_{_EASTERN}]"
MARKED = rf"{LETTER}(?:{LETTER}|[{_MARKS}])*"  # a word: in Latin writing [^\W_]+
# what stands for a word in Chinese and Japanese: a character, or a stretch of kana ("・" parts two names)
EASTERN = rf"[{_HAN}]|[{_KATAKANA_WORD}]+|[{_HIRAGANA}]+"

_ANY = re.compile(f"[{_EASTERN}]")


def length(text: str) -> int:
    """The words of a text; in Chinese and Japanese, two characters count as one."""
    return len(text.split()) + (0 if text.isascii() else len(_ANY.findall(text)) // 2)
