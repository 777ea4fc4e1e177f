"""The words of the mapping language: each key, where it may stand, what it takes, and what it says.

One list for all who ask: the loader refuses what is not in it, the JSON Schema for editors is made of it, `extends`
merges by it. What a word *means* is said where it is read (`load`, `records`, `fields`, `pictures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Takes = Literal[
    "text",  # a text as written
    "texts",  # a text, or a list of them
    "expression",
    "expressions",  # an expression, or a list of them
    "flag",  # true or false
    "whole",  # a whole number
    "one",  # one of a few words
    "size",  # a whole number above 0, or one with kB, MB, GB
    "duration",  # a number and s, m, h or d
    "named",  # a mapping of names to expressions
    "help",  # a mapping of names to texts
    "other",  # with a form of its own
]


@dataclass(frozen=True, slots=True)
class Word:
    """One key. `only`: the direction it makes sense in, "" = both."""

    name: str
    takes: Takes
    help: str
    one_of: tuple[str, ...] = ()
    only: Literal["", "writes", "reads"] = ""
    most: int = 1_000_000  # of a whole number
    least: int = 0


Words = tuple[Word, ...]

CHECKS: Final = ("error", "warn", "off")
UNKNOWN: Final = ("error", "warn", "skip")
TYPES: Final = ("text", "integer", "decimal")
SIGNS: Final = ("leading", "trailing", "always", "overpunch")
ROUNDINGS: Final = ("half_up", "half_even", "half_down", "up", "down", "ceiling", "floor")
DIRECTIONS: Final = ("writes", "reads")

_LET: Final = Word("let", "named", "short names for expressions, worked out once, in order")
_WHEN: Final = Word("when", "expression", "written only if this is so; a missing path counts as no")
_EACH: Final = Word("each", "texts", "once per turn: item in d.items if item.giftDetails; a list is a loop in a loop")
_TIMES: Final = Word("times", "text", "how often it may stand here: 1, 0..1, 0.., 1..8")
_MUST: Final = Word("must", "named", "a sentence and what must be true; the sentence is the finding")
_AT: Final = Word(
    "at", "text", "its place: column, header, position, path, tag; left out: its name, or right after the one before"
)
_FIELDS: Final = Word("fields", "other", "what stands inside it, by name")
_RECORDS: Final = Word("records", "other", "what follows it and belongs to it, by name")
_USE: Final = Word("use", "text", "a part whose lines are taken in first; own lines win")
_CHECK: Final = Word("check", "one", "what a broken equals or text means when it is read", CHECKS)

HEAD: Final[Words] = (
    Word("writes", "texts", "the kind of document that is written into a file"),
    Word("reads", "texts", "the kind of document, or kinds, that a file is read into"),
    Word("extends", "text", "start from another mapping, plain-csv/orders.yaml: everything here is merged into it"),
    Word("documents", "other", "what the records become: a picture in Amazon's names", only="reads"),
    Word("batch", "other", "several documents in one file", only="writes"),
    Word("takes", "expression", "only the documents for which this is so", only="writes"),
    Word("partner", "help", "settings asked of the partner, with their meaning; known as partner.name"),
    Word("parts", "other", "pieces of a layout by name, taken in by `use`"),
    Word("files", "other", "instead of records: several files for one document, each a layout of its own"),
)
LAYOUT: Final[Words] = (
    Word("format", "text", "csv, fixed, xml, json, x12, edifact…; its options stand beside it"),
    Word("file", "text", "writing: the file's name, with {{ }}; reading: the names it takes, {word} fits anything"),
    _LET,
    Word("records", "other", "the kinds of lines in the file, in order"),
    Word("fields", "other", "instead of records: the file has one kind of line, called row"),
    _EACH,
    _WHEN,
    _TIMES,
    _MUST,
    Word("envelope", "other", "x12, edifact, tradacoms: what differs in the headers and trailers that the format brings"),
    Word("template", "text", "instead of records: a Jinja file writes it", only="writes"),
    Word("content", "expression", "format: bytes: the Base64 text that is the file; left out: content of the turn", only="writes"),
    Word("schema", "text", "an XSD that the XML file must fit"),
    Word("unknown", "one", "columns, lines, elements that the layout does not name", UNKNOWN),
    _CHECK,
    Word("substitute", "other", "a character and its text; a table's name; `plain_letters`; or a list of these", only="writes"),
    Word("repair", "other", "known faults put right in the raw text, each hit a finding", only="reads"),
    Word("limits", "other", "bounds of what is read, where other ones are wanted", only="reads"),
)  # fmt: skip
TOP: Final[Words] = (*HEAD, *LAYOUT)
ROW: Final = ("each", "when", "times", "must")  # beside `fields` at the top

RECORD: Final[Words] = (
    _AT,
    _EACH,
    _WHEN,
    _TIMES,
    Word("match", "expression", "what `is` cannot say: over its own fields, here.number, here.length, here.last"),
    Word("len", "texts", "fixed width: the length of the whole line; a list where several are right"),
    _LET,
    _USE,
    _MUST,
    _FIELDS,
    _RECORDS,
)

VALUES: Final = ("from", "maybe", "text", "is", "equals")  # at most one of them
VALUE: Final[Words] = (
    Word("from", "expressions", "what stands here; of a list the first that holds something"),
    Word("maybe", "expressions", "the same, but it may be missing"),
    Word("text", "text", "fixed text"),
    Word("is", "texts", "fixed text that says what the line is; a list when several will do"),
    Word("equals", "expression", "what other lines of this file say: count(D), sum(D.qty), H.lot"),
    Word("type", "one", "the kind of value", TYPES),
    Word("places", "whole", "so many places after the point", most=12),
    Word("implied", "whole", "so many places without a point: 12.50 is written 1250", most=12),
    Word("mark", "one", "the decimal mark", (".", ",")),
    Word("thousands", "text", "what parts groups of three digits before the mark"),
    Word("sign", "text", "leading, trailing, always, overpunch; or the field that holds it"),
    Word("pad", "text", "the character that fills it"),
    Word("justify", "one", "which side it stands on; numbers stand right, text left", ("left", "right")),
    Word("round", "one", "how lost digits are rounded; without it they are an error", ROUNDINGS),
    Word("date", "texts", "a pattern such as %Y%m%d, or iso, dtm, cyymmdd, yyddd; of a list all are read, the first is written"),
    Word("pivot", "whole", "two-digit years from here on are of the 1900s; left out: 69", most=99),
    Word("zone", "other", "a time zone, warehouse, or a leaf that reads it out of the file"),
    Word("dst", "one", "a local time that the clock change leaves out or gives twice", ("error", "earlier", "later")),
    Word("time", "text", 'the time of a value that is only a day: "17:00"'),
    Word("lookup", "other", "a table: its name, a mapping, or {table, by, give}"),
    Word("reverse", "flag", "use the table the other way round"),
    Word("miss", "other", "what happens when the table does not know it: hold, error, pass, or {text: …}"),
    Word("default", "text", "stands where there is nothing"),
    Word("empty", "text", "what nothing looks like in this file: 00000000"),
    Word("redacted", "text", "stands where Amazon sent x's, or nothing"),
    Word("required", "flag", "nothing is an error"),
    _WHEN,
    Word("truncate", "flag", "cut it when it is too long"),
    Word("rest", "text", "the name of a later field, where it goes on when it is too long"),
    Word("keep", "text", "remember this value with the order or its line, under this name"),
    _CHECK,
    Word("tolerance", "text", "how far an equals may be off, a number"),
    Word("max", "whole", "at most so long", least=1),
)  # fmt: skip
PLACE: Final[Words] = (
    _AT,
    Word("len", "whole", "exactly so long; shorter values are filled", least=1),
    _TIMES,
    _EACH,
    Word("split", "text", "what parts the repeats inside one value"),
    Word("cdata", "flag", "XML, writing: as a CDATA section"),
    Word("charset", "text", "fixed width: the code page of this one column"),
    Word("quoted", "flag", "csv, writing: whether quotes stand around it; left out: as `quoting` says"),
    Word("formula_guard", "one", "csv: what a spreadsheet would take for a formula", ("none", "reject", "prefix")),
    _LET,
    _USE,
    _MUST,
    _FIELDS,
)
FIELD: Final[Words] = (*VALUE, *PLACE)

STRUCTURE: Final[Words] = (
    Word("each", "texts", "one entry per record: row, S.D, D if state == 'A'"),
    Word("group", "expressions", "entries with the same value become one"),
    Word("adjacent", "flag", "only neighbours are grouped"),
    Word("when", "expression", "only if this is so"),
    _LET,
    Word("about", "other", "which stored order, or which of its lines, this is about"),
    _MUST,
)
LEAF: Final = ("from", "maybe", "text", "lookup")  # what makes a mapping in a picture a value

BATCH: Final[Words] = (
    Word("most", "whole", "so many documents in one file", least=1),
    Word("same", "expression", "only documents that agree in this"),
)
LOOKUP: Final[Words] = (
    Word("table", "text", "the name of the table: tables/NAME.csv"),
    Word("by", "named", "the columns that are asked, and with what"),
    Word("give", "text", "the column that answers"),
)
MISS: Final[Words] = (Word("text", "text", "this text is taken"),)
REPAIR: Final[Words] = (
    Word("find", "text", "a regular expression over the raw text"),
    Word("put", "text", "what is put in its place, as it stands"),
)
LIMITS: Final[Words] = (
    Word("file", "size", "bytes of the whole file"),
    Word("record", "size", "characters of one record"),
    Word("columns", "size", "columns of one row"),
    Word("field", "size", "characters of one field"),
    Word("records", "size", "records in one file"),
    Word("depth", "size", "how deep XML and JSON are nested"),
    Word("attributes", "size", "attributes of one element"),
)


def names(words: Sequence[Word]) -> tuple[str, ...]:
    """Give the keys alone."""
    return tuple(word.name for word in words)
