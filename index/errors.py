"""The one family of mistakes a user can mend; the command line catches `VouchError` once.

VouchError                 what is wrong, and what to do about it
├── SourceError            a file or folder of articles cannot be read
├── LibraryError           the library is missing, damaged, locked, or built another way
├── ModelError             a model is missing, damaged, or cannot be had
├── SettingsError          a setting is unknown or has a value it cannot have
├── QuestionError          a question, or a file of questions, cannot be asked
├── MissingExtraError      a part of this package that is not installed is needed (`index/extras.py`)
└── MemoError              a memo, its plan or its files cannot be read or written (`qa/memo/errors.py`)
"""


class VouchError(Exception):
    """A mistake the user can mend: `message` says what is wrong, `hint` what to do. Both are one line."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class SourceError(VouchError):
    """A file or folder of articles cannot be read."""


class LibraryError(VouchError):
    """The library is missing, damaged, locked, or was built with another embedder or format."""


class ModelError(VouchError):
    """A model is missing, damaged, or cannot be fetched."""


class SettingsError(VouchError):
    """A setting is unknown or has a value it cannot have."""


class QuestionError(VouchError):
    """A question, or a file of questions, cannot be asked."""
