"""The forms that a memo can have; what the command line needs to know of them, and quick to import."""

from __future__ import annotations

from typing import Literal

Form = Literal["answers", "brief"]  # questions with their answers under them, or paragraphs
