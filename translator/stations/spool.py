"""Documents between the thought and the commit: in memory up to a bound, beyond it in a file that has no name.

For levels only: what a warehouse has is no person's data. A process that ends takes the file with it.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Final

from translator.core.document import Document

MOST: Final = 4_000_000  # bytes in memory


class Spool:
    """Documents, kept in order: added one by one, then gone through."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=MOST)  # noqa: SIM115 (it is gone when nobody holds the spool)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, document: Document) -> None:
        """Keep one more."""
        pickle.dump(document, self._file, pickle.HIGHEST_PROTOCOL)
        self._count += 1

    def __iter__(self) -> Iterator[Document]:
        self._file.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._file)  # noqa: S301 (our own bytes: nobody else can write there)
