"""The shape of a file out of its description: a list of fields as the WMS's papers have it, one line per field.

Columns of the list are parted by tabs, `|`, `;`, commas, or two blanks and more; a first line names them (`Field`, `Pos`,
`Len`, `Type`, `M/O`, `Description`…, `Feld`, `Länge`). A line with one cell is the heading of a record: `Header record (H)`.
A list may be a text, too: sentences (`prose`), or headings with a line per place below them (`pages`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from translator.cli.behind.scaffold import pages, prose
from translator.cli.behind.scaffold.shape import Column, Section, Shape
from translator.core.finding import Finding, Misconfigured

_TITLES: Final = {name: tuple(word.strip() for word in words.split(",")) for name, words in {
    "name": "field name, fieldname, field, column name, column, name, element, attribute, tag, data element, feldname, feld, "
    "spalte, spaltenname, bezeichner",
    "record": "record type, record, rec, segment, line type, satzart, satz",
    "start": "start position, start pos, start, position, positions, pos, from, begin, offset, col, columns, von, ab, beginn, "
    "stelle, stellen, positionen",
    "end": "end position, end pos, end, to, thru, bis, ende",
    "length": "max length, length, len, size, width, max, lgth, länge, laenge, feldlänge, lg, stellen, zeichen",
    "type": "data type, datatype, type, format, picture, pic, fmt, typ, datentyp, feldtyp",
    "decimals": "decimals, decimal places, dec, scale, places, nachkommastellen, nk",
    "required": "required, mandatory, req, mand, m/o, r/o, usage, req'd, opt, pflicht, pflichtfeld, muss, muss/kann, m/k",
    "constant": "constant, fixed value, value, literal, konstante, festwert, wert",
    "note": "description, desc, comment, comments, remark, remarks, notes, note, meaning, content, contents, beschreibung, "
    "bezeichnung, bemerkung, bemerkungen, bedeutung, inhalt, kommentar, erläuterung",
    "number": "#, no, nr, no., seq, lfd. nr, lfd nr, lfdnr",
}.items()}  # fmt: skip
_RANGE: Final = re.compile(r"(\d{1,5})\s*(?:-|–|—|\.\.|:|to)\s*(\d{1,5})")
_SIZED: Final = re.compile(r"(?P<kind>[A-Za-z]+(?:2(?=\())?)?\s*[( ]?(?P<len>\d{1,4})(?:[.,vV](?P<dec>\d{1,2}))?\)?$")
_PICTURE: Final = re.compile(
    r"(?P<sign>S?)(?P<kind>[X9A])(?:\((?P<len>\d+)\)|(?P<more>[X9A]*))(?:V(?:9\((?P<dec>\d+)\)|(?P<nines>9+)))?"
)
_CONSTANT: Final = re.compile(
    r"""(?:(?i:always|constant|fixed|literal|hard-?coded?|value|immer|konstant|fest(?:wert)?)\W{0,3}(?i:value\W{0,3})?|^=\s*)["'“‘]?([A-Z0-9]{1,10})\b"""
)
_HEADING: Final = re.compile(
    r"""(?:\(|["'“]|=\s*|:\s*|\b(?i:type|code|record|segment|satzart)\s+|\b(?i:line)\s+(?=[A-Z0-9]{1,3}\b))"""
    r"""([A-Z0-9]{1,6})\b(?!\s*(?i:bytes|characters|chars|positions|long)\b)"""
)
_LONG: Final = re.compile(r"\b(\d{2,4})\s*(?:bytes|characters|chars|positions|long)\b", re.IGNORECASE)
_TOLD: Final = ("Pos", "Field", "Description")
_PAGE: Final = re.compile(r"\bcode ?page[ :=]*(?:cp|ibm|windows-)?(\d{3,4})\b", re.IGNORECASE)
_LATIN: Final = re.compile(r"\blatin[- ]?1\b|\biso[- ]?8859-1\b", re.IGNORECASE)
_ENDS: Final = re.compile(r"\b(CR[ /+]?)?LF\b")
_WIDTH: Final = re.compile(
    r"\b(?:(?:every|each|all) (?:lines?|records?)|alle (?:zeilen|sätze)|jeder? (?:zeile|satz)"
    r"|record length|lrecl)\W{0,3}(?:(?:is|are|has|have|of|exactly) ){0,3}"
    r"(\d{2,4}) (?:bytes|characters|long|zeichen)",
    re.IGNORECASE,
)
_OFTEN: Final = re.compile(r"\b([A-Z0-9]{1,6})\s*\([01]\s*(?:-|–|\.\.)\s*(?:[nNmM*]|[2-9]|\d{2,})\)")
_IMPLIED: Final = re.compile(
    r"(\d) (?:decimals?|places|decimal places),? (?:are )?implied|implied (?:\d )?(?:decimals?|places):? ?(\d)|(\d) implied"
    r"|(\d) (?:implizite nachkommastellen|(?:nachkomma|dezimal)stellen,? (?:ohne komma|implizit))",
    re.IGNORECASE,
)
_REMARKED: Final = re.compile(r"S?9\(\d+\)V9+(?:\(\d+\))?|S?9+V9+")
_DATE: Final = re.compile(r"(?<![A-Z])(?=.*[YC])(?:CC)?[YMDHISCN/.\-: T]{6,24}(?![A-Z])", re.IGNORECASE)
_COUNTED_DAYS: Final = {"YYDDD": "yyddd", "CYYMMDD": "cyymmdd", "YYYYDDD": "%Y%j", "CCYYDDD": "%Y%j"}
_FILLED: Final = re.compile(
    r"\b(?:zero|0)[- ]?(?:filled|padded)|\bleading zero|\bzeros? in front|\bführende\w* null|\bnullen aufgefüllt",
    re.IGNORECASE,
)
_GERMAN_DATE: Final = re.compile(r"\b[TMJ]{2,4}[-./]?[TMJ]{2}[-./]?[TMJ]{2,4}(?=\b|[ _T]?HH)", re.IGNORECASE)
_ZONE: Final = re.compile(r"\b(?:UTC|(?:Africa|America|Asia|Atlantic|Australia|Europe|Pacific)(?:/[A-Z]\w+){1,2})\b")
_JULIAN: Final = {5: "yyddd", 7: "%Y%j"}  # by length
_LETTERS: Final = tuple(
    pair.split("=") for pair in "CCYY=%Y YYYY=%Y YY=%y HH24=%H HH=%H MI=%M DD=%d SS=%S MM=%m".split()
)
_FORMAT: Final = re.compile(
    r"\b(semicolon|comma|tab|pipe|caret|tilde)s?[- ]?(?:separated|delimited)|\bfixed[- ]?(?:length|width|format)",
    re.IGNORECASE,
)
_DELIMITERS: Final = {"semicolon": ";", "comma": ",", "tab": "tab", "pipe": "|", "caret": "^", "tilde": "~"}
_ARTICLES: Final = frozenset("the a an der die das ein eine".split())
_YES: Final = frozenset("y yes m mandatory r required req x 1 true must j ja muss pflicht".split())
_NUMBERS: Final = ("n", "int", "dec", "dez", "9", "z", "ganzz", "long", "short", "float", "s9")


def is_list(text: str) -> bool:
    """Tell a list of fields from a sample: its first lines have one with the titles of such a list, or it is a text."""
    return any(_titled(cells) for cells in _cut(text)[:15]) or pages.is_page(text) or prose.is_prose(text)


def list_shape(text: str, form: str = "") -> Shape:
    """Read a list of fields. `form`: csv, fixed, xml or json where it is said. Raises Misconfigured where none is found."""
    sections, positions = _sections(_rows(text))
    if not sections:
        hint = "a first line such as: Field, Pos, Length, Type, Description; or a text: Line 'B1': 1-2 B1; 3-22 order number; …"
        raise Misconfigured([Finding("scaffold-list", "no list of fields is in it", hint=hint)])
    said = _FORMAT.search(text)
    shape = _shaped(sections, form or (("csv" if said[1] else "fixed") if said else ""), positions=positions)
    _told(text, shape)
    if said and said[1] and shape.format == "csv":
        shape.options["delimiter"] = _DELIMITERS[said[1].lower()]
    return shape


def _rows(text: str) -> list[list[str]]:
    """Give the cells of each line; of a text without titles its headings and places."""
    cut = _cut(text)
    if titles := next((found for cells in cut[:15] if (found := _titled(cells))), None):
        if set(titles) != {"start", "note"} or not pages.is_page(text):
            return cut
        text = "\n".join(line for line in text.splitlines() if not _titled(re.split(r"\s{2,}|\t", line.strip())))
    told = next(
        (one.rows(text) for found, one in ((pages.is_page, pages), (prose.is_prose, prose)) if found(text)), None
    )
    return [list(_TOLD), *map(list, told)] if told else cut


def _sections(rows: Sequence[Sequence[str]]) -> tuple[list[Section], bool]:
    """Give the records with their fields, and whether the list says positions."""
    titles: dict[str, int] = {}
    sections: list[Section] = []
    named, ranges, told = any(map(_titled, rows)), False, [*rows[:1]] == [list(_TOLD)]
    for cells in rows:
        found = _titled(cells)
        if found:
            titles = found
        elif len([cell for cell in cells if cell]) == 1 and (told or sections or not titles or _heads(_only(cells))):
            sections.append(_headed(_only(cells)))
        elif titles or not named:  # what stands before the titles is about the paper
            _field(cells, titles or {"name": 0}, sections)
            ranges = ranges or bool(
                _RANGE.search(cells[titles["start"]] if titles.get("start", 99) < len(cells) else "")
            )
    for column in (one for section in sections for one in section.columns if ranges and one.at):
        column.length = column.length or 1  # one position among `3-14`
    return [section for section in sections if section.columns], "start" in titles


def _heads(text: str) -> bool:
    return bool(_HEADING.search(text) or _LONG.search(text))


def _told(text: str, shape: Shape) -> None:
    """Take over what papers say of all lines: `code page 850`, `Latin-1`, `CR LF`, `every line exactly 180 bytes`, `PO (1-n)`."""
    often = set(_OFTEN.findall(text))
    if page := _PAGE.search(text):
        shape.options["charset"] = f"cp{page[1]}"
    elif _LATIN.search(text):
        shape.options["charset"] = "iso-8859-1"
    if ends := _ENDS.search(text):
        shape.options["newline"] = "crlf" if ends[1] else "lf"
    for section in shape.sections:
        section.many = section.many or section.code in often
        fits = shape.format == "fixed" and _end(section) <= (section.length or 0)
        section.length = section.length if fits else None
    width = _WIDTH.search(text) if shape.format == "fixed" else None
    if width and all(_end(section) <= int(width[1]) for section in shape.sections):
        for section in shape.sections:
            section.length = int(width[1])


def _end(section: Section) -> int:
    after = 0
    for column in section.columns:
        after = (int(column.at) - 1 if column.at else after) + (column.length or 0)
    return after


def _cut(text: str) -> list[list[str]]:
    lines = [line.rstrip() for line in text.replace("\ufeff", "").splitlines()]
    lines = [line for line in lines if line.strip() and not re.fullmatch(r"[\s|+:=-]+", line)]
    delimiter = next((one for one in "\t|;," if sum(one in line for line in lines) > 0.6 * len(lines)), "")
    if delimiter == "|":
        return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    if delimiter:
        return [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
    return [re.split(r"\s{2,}|\t", line.strip()) for line in lines]


def _only(cells: Sequence[str]) -> str:
    return next((cell for cell in cells if cell), "")


def _titled(cells: Sequence[str]) -> dict[str, int]:
    """Give which column of the list is which; empty: this line names none."""
    found: dict[str, int] = {}
    for number, cell in enumerate(cells):
        word = re.sub(r"\s+", " ", cell.lower().strip(" .*:"))
        name = next((name for name, words in _TITLES.items() if word in words and name not in found), "")
        if name:
            found[name] = number
    described = {"start", "note"} <= set(found)  # fields without names are named by what is said of them
    named = "name" in found and len(found) > 1 and {"start", "length", "type", "note", "required"} & set(found)
    mostly = 2 * len(found) >= sum(map(bool, cells))  # an order file has a NAME and REMARKS, too
    return found if mostly and (named or described) else {}


def _headed(text: str) -> Section:
    code = _HEADING.search(text)
    word = next((word for word in text.split() if word.lower() not in _ARTICLES), text)
    name = re.sub(r"[^A-Za-z0-9]+", "_", code[1] if code else word).strip("_") or "row"
    section = Section(
        name if name[0].isalpha() else f"R{name}", code=code[1] if code else "", note=text if text != name else ""
    )
    section.length = int(long[1]) if (long := _LONG.search(text)) else None
    told = re.sub(r"""^\W*line\s+["']?[A-Z0-9]+["']?""", "", text, flags=re.IGNORECASE)
    once = re.search(r"\b(?:once|einmal)\b(?!\s+(?:per|for|pro|je)\s+(?!file|datei))", told, re.IGNORECASE)
    section.many = not once and bool(
        re.search(
            r"\b(detail|line|item|repeat|each|per|many|position|parcel|carton|article|je\b|pro\b|wiederhol|mehrfach)",
            told,
            re.IGNORECASE,
        )
    )
    return section


def _field(cells: Sequence[str], titles: Mapping[str, int], sections: list[Section]) -> None:
    given = {name: cells[number] if number < len(cells) else "" for name, number in titles.items()}
    if "name" not in titles:
        given["name"] = prose.name_of(given["note"], re.split(r"\D", given["start"])[0])
    if not given.get("name"):
        return
    record = given.get("record", "")
    if record and (not sections or sections[-1].name not in {record, f"R{record}"}):
        sections.append(_headed(record))
        sections[-1].code = record if re.fullmatch(r"[A-Z0-9]{1,6}", record) else ""
    elif not sections:
        sections.append(Section("row", many=True))
    sections[-1].columns.append(_column(given))


def _column(given: Mapping[str, str]) -> Column:
    column = Column(given["name"], note=given.get("note", ""))
    column.filled = bool(_FILLED.search(column.note))
    column.zone = found[0] if (found := _ZONE.search(column.note)) else column.zone
    start, end, length = given.get("start", ""), given.get("end", ""), given.get("length", "")
    if found := _RANGE.search(start):
        start, end = found[1], found[2]
    if start.isdigit():
        column.at = start
    if start.isdigit() and end.isdigit() and int(end) >= int(start):
        column.length = int(end) - int(start) + 1
    if found := re.match(r"(\d{1,4})(?:[.,](\d{1,2}))?$", length):
        column.length, column.places = int(found[1]), int(found[2]) if found[2] else None
    _typed(column, given.get("type", "") if length.isdigit() or not length or found else length)
    if given.get("decimals", "").isdigit() and int(given["decimals"]):
        column.type, column.places = "decimal", int(given["decimals"])
    column.required = given.get("required", "").lower() in _YES
    said = given.get("constant", "") or ((found := _CONSTANT.search(column.note)) and found[1]) or ""
    if not said and column.at == "1" and len(code := prose.code_of(column.note)) == column.length:
        said = code
    column.constant = said.strip("\"'“”‘’")
    return column


def _typed(column: Column, text: str) -> None:
    """Read a type as papers write it: A(20), N7.2, X(10), S9(7)V99, CHAR 10, NUMBER(9,2), DATE YYYYMMDD."""
    said = "date" in f"{text} {column.title} {column.note}".lower()
    if date := _dated(text) or _dated(column.note) or _by_name(column, said=said):
        column.date = date
        return
    remarked = _REMARKED.search(column.note)
    picture = _PICTURE.fullmatch((remarked[0] if remarked else text).replace(" ", "").upper())
    sized = _SIZED.fullmatch(text.strip())
    if picture:
        _pictured(column, picture)
        return
    if implied := _IMPLIED.search(column.note):
        column.type, column.implied = "decimal", int(next(filter(None, implied.groups())))
        return
    if sized:
        column.length = column.length or int(sized["len"])
        column.places = int(sized["dec"]) if sized["dec"] and int(sized["dec"]) else column.places
    word = (sized["kind"] if sized else text).lower() if text else ""
    if column.places:
        column.type = "decimal"
    elif column.filled:
        column.type = "integer"
    elif word.startswith(_NUMBERS) and not word.startswith(("nchar", "nvar", "zei")):
        column.type = "decimal" if word.startswith(("dec", "dez", "float")) else "integer"


def _pictured(column: Column, picture: re.Match[str]) -> None:
    whole = int(picture["len"]) if picture["len"] else 1 + len(picture["more"] or "")
    implied = int(picture["dec"]) if picture["dec"] else len(picture["nines"] or "")
    column.length = column.length or whole + implied
    if picture["kind"] == "9":
        column.type, column.implied = ("decimal", implied) if implied else ("integer", 0)
        column.guesses += ["a sign may stand in it"] if picture["sign"] else []


def _dated(text: str) -> str:
    """Find a date as papers write it: YYYYMMDD, MM/DD/YY hh:mm, YYDDD; in German papers TT.MM.JJJJ."""
    text = _GERMAN_DATE.sub(lambda found: found[0].upper().replace("T", "D").replace("J", "Y"), text)
    if found := next((one for one in re.findall(r"\b[CYMD]{5,7}\b", text) if one in _COUNTED_DAYS), ""):
        return _COUNTED_DAYS[found]
    for found in _DATE.finditer(text):
        pattern = (
            found[0].strip(" .-:/T").upper().replace("MMSS", "MISS").replace("HHMM", "HHMI").replace("HH:MM", "HH:MI")
        )
        if "Y" in pattern and "MM" in pattern and "DD" in pattern:
            for letters, code in _LETTERS:
                pattern = pattern.replace(letters, code)
            if not re.search(r"(?<!%)[A-SU-Z]", pattern):
                return pattern
    return ""


def _by_name(column: Column, *, said: bool) -> str:
    if re.search(r"\bjulian\b", f"{column.title} {column.note}", re.IGNORECASE) and column.length in _JULIAN:
        column.guesses.append("a day of the year")
        return _JULIAN[column.length]
    if said and column.length == 8:
        column.guesses.append("a date, by its name")
        return "%Y%m%d"
    return ""


def _shaped(sections: list[Section], form: str, *, positions: bool) -> Shape:
    fixed = form == "fixed" or (not form and positions and all(one.length for part in sections for one in part.columns))
    shape = Shape(form or ("fixed" if fixed else "csv"), listed=True)
    if not form:
        like = "fixed width" if fixed else "a delimited file"
        shape.notes.append(f"The list does not say so, but it reads like {like}; --format says otherwise.")
    for section in sections:
        if len(sections) > 1:
            _recognised(section)
    if shape.format == "csv":
        shape.options["header"] = "true" if len(sections) == 1 else "false"
        shape.guessed.add("header")
    if shape.format == "fixed":
        for section in sections:
            section.columns = list(_placed(section.columns))
    else:
        for section in sections:
            for column in section.columns:
                column.at = ""
    shape.sections = sections
    return shape


def _recognised(section: Section) -> None:
    """Take the constant of the first field as what the record is known by."""
    first = section.columns[0]
    section.code = first.constant or section.code
    if section.code and (first.constant or (first.length or 99) <= len(section.code) + 1):
        first.constant, first.identifies = section.code, True
    else:
        section.code = ""


def _placed(columns: Sequence[Column]) -> Iterator[Column]:
    """Keep a position only where it is not the one that follows anyway; a field without a length is said to lack it."""
    after = 1
    for column in columns:
        if column.length is None:
            column.length = 1
            column.guesses.append("TODO its length")
        if column.at and int(column.at) == after:
            column.at = ""
        after = (int(column.at) if column.at else after) + column.length
        yield column
