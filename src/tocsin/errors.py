"""Every error a user can meet: one line that names the file, the row, the reason and the mend."""

from __future__ import annotations


class TocsinError(Exception):
    """Root of all errors Tocsin raises on purpose.

    ``file`` and ``row`` say where, ``reason`` says what is wrong, ``mend`` says what the user can do.
    """

    def __init__(self, reason: str, *, mend: str = "", file: str = "", row: int | None = None) -> None:
        self.reason, self.mend, self.file, self.row = reason, mend, file, row
        super().__init__(self.line())

    def line(self) -> str:
        """The error on one line, as the command line prints it."""
        where = ", ".join(part for part in (self.file, f"row {self.row}" if self.row is not None else "") if part)
        what = f"{where}: {self.reason}" if where else self.reason
        return " ".join((f"{what}; {self.mend}" if self.mend else what).splitlines())


class UsageError(TocsinError):
    """The command or setting cannot be understood."""


class RecordError(TocsinError):
    """A record breaks the schema, the vocabulary or the rules of its kind."""


class InputError(TocsinError):
    """A file cannot be read as what it claims to be; nothing of it was kept."""


class NodeError(TocsinError):
    """The node cannot be opened, written or restored."""


class NotFoundError(TocsinError):
    """Nothing in this node has that name or id."""


class WorkerError(TocsinError):
    """A worker process kept dying on the same piece of work."""
