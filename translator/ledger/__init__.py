"""The book: everything that waits, is known or has happened, in one file. The only SQL there is."""

from translator.instance import Taken
from translator.ledger.book import Book
from translator.ledger.ledger import Ledger
from translator.ledger.moves import Move, Moves
from translator.ledger.trouble import Broken, Conflict, Lost, NameTaken

__all__ = ["Book", "Broken", "Conflict", "Ledger", "Lost", "Move", "Moves", "NameTaken", "Taken"]
