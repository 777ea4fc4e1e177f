"""A file held against an XSD: the schema is compiled once for a mapping, of files beside it only; nothing is fetched.

What does not fit is a finding with its line and path, in words that hold no value of the file: a value may be a
person's. How bad it is says `check`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from lxml import etree

from translator.core.finding import Finding, Misconfigured, Place
from translator.formats.elements import path_of
from translator.formats.once import once
from translator.mapping.layout import MappingFile
from translator.mapping.reader import LEVELS

MOST: Final = 100  # findings told of one file
_SAID: Final = re.compile(r"(?s)Element '([^']*)'(?:, attribute '([^']*)')?: (.*)")
_TAILS: Final = (
    "is not accepted by the pattern|is not an element of the set|is less than|is greater than|must be|has more digits"
    "|has more fractional digits|has fewer|does not match the fixed"
)
_SENTENCES: Final = tuple(
    (re.compile(f"(?s){pattern}"), sentence)
    for pattern, sentence in (
        (r"\[facet '\w+'\] The value has a length of '(\d+)'; this (.*?)\.?", r"a length of \1 \2"),
        (rf"(?:\[facet '\w+'\] )?The value '.*' ((?:{_TAILS}).*?)\.?", r"its value \1"),
        (r"'.*' is not a valid value of the (.*?)\.?", r"its value is not of the \1"),
        (r"Duplicate key-sequence \[.*\] in (.*?)\.?", r"it stands twice, against \1"),
        (
            r"No match found for key-sequence \[.*\] of keyref (.*?)\.?",
            r"what it refers to is not there, against keyref \1",
        ),
        (r"(?:This element|Missing child element\(s\)|Element content|Character content)[^\"]*?\.?", ""),
        (r"The attribute '[^']*' is (?:not allowed|required but missing)\.?", ""),
        (r"No matching global (?:element )?declaration available.*?\.?", "the schema does not know it"),
    )
)


class _Beside(etree.Resolver):
    """Gives a schema what it includes: the files the mapping brought, nothing else."""

    def __init__(self, schemas: Any) -> None:
        self._schemas = schemas

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]
        data = self._schemas.get(system_url, b"")
        return self.resolve_string(data, context, base_url=system_url)


@once
def schema(mapping: MappingFile) -> etree.XMLSchema | None:
    """Compile the schema of a mapping; None: it has none. Raises Misconfigured."""
    if not mapping.schema or mapping.check == "off":
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    parser.resolvers.add(_Beside(mapping.schemas))
    etree.clear_error_log()  # the library keeps one for all
    try:
        return etree.XMLSchema(etree.fromstring(mapping.schema, parser, base_url=mapping.schema_name))
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        raise Misconfigured([_broken(error, mapping)]) from None


def entries(log: Any) -> list[Any]:
    """Give what stands in a log of the parser: line, path, message, domain_name of each."""
    return list(log)


def _broken(error: etree.LxmlError, mapping: MappingFile) -> Finding:
    entry = next(iter(entries(error.error_log)), None)
    name, line = (entry.filename, entry.line) if entry is not None else ("", 0)
    place = Place(name if name in mapping.schemas else mapping.schema_name, line)
    text = (entry.message if entry is not None else str(error))[:300].replace("{http://www.w3.org/2001/XMLSchema}", "")
    return Finding("xsd", f"this is no schema: {text}", rule=place)


def invalid(data: bytes, mapping: MappingFile, rule: Callable[[str], Place]) -> list[Finding]:
    """Hold a file that was written, and is well-formed, against the schema. `rule`: what in the mapping wrote a path."""
    found = schema(mapping)
    if found is None:
        return []
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    if found.validate(root):
        return []
    places = ((one, _path(one.path, root)) for one in entries(found.error_log)[:MOST])
    return [finding(one.message, Place(line=one.line, path=path), mapping, rule(path)) for one, path in places]


def finding(message: str, place: Place, mapping: MappingFile, rule: Place) -> Finding:
    """Say what does not fit. `message`: libxml2's."""
    return Finding("xsd", said(message), place, rule, f"against {mapping.schema_name}", LEVELS[mapping.check])


def _path(path: str | None, root: Any) -> str:
    """Give the names on the way to an element, where libxml2 counts children."""
    found = root.getroottree().xpath(path, namespaces={k: v for k, v in root.nsmap.items() if k}) if path else []
    return path_of(found[0]) if found and isinstance(found, list) else path or ""


def said(message: str) -> str:
    """Say in our words what libxml2 says, without the value it is about."""
    found = _SAID.fullmatch(message)
    if found is None:
        return "does not fit the schema"
    what = f"the attribute {_local(found[2])} of {_local(found[1])}" if found[2] else _local(found[1])
    return f"{what}: {next(_sentences(found[3]), 'does not fit the schema')}"


def _sentences(text: str) -> Iterator[str]:
    for pattern, sentence in _SENTENCES:
        found = pattern.fullmatch(text)
        if found:
            yield _LOCAL.sub("", found.expand(sentence) if sentence else text.rstrip("."))


def _local(name: str) -> str:
    return name.rpartition("}")[2]


_LOCAL: Final = re.compile(r"\{[^{}\s']*\}")
