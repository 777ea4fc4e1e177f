"""What a site may say about one folder, local or remote. The defaults are the safe ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Disposal = Literal["archive", "delete", "leave"]

ARCHIVE: Final = ".archive"  # in the folder, and in it one folder per day
MOST: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """How a folder is read and written."""

    quiet: float = 10.0  # seconds a file must stand unchanged; 0: complete at the first look
    archive: Disposal = "archive"  # what becomes of a file once its bytes are in the ledger
    done: str = ""  # the name of the file that says that another one is whole, read or written: {name}.done, {stem}.ok
    ends: str = ""  # the last line of a whole file, as a pattern
    ignore: tuple[str, ...] = ()  # patterns passed over, beside hidden and unfinished files
    empty: tuple[str, ...] = ()  # patterns of files that may be empty: a marker says all by being there
    most: int = MOST  # bytes of the largest file taken
    mode: int = 0o640  # of files we write (local folders)
    caseless: bool = False  # A.txt and a.txt are one name there
    marker: bool = True  # leave a small hidden file by which the folder is known again
    create: bool = False  # make the folder when it is missing

    def told(self, name: str) -> str:
        """Give a name as names are compared in the folder."""
        return name.casefold() if self.caseless else name
