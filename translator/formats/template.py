"""Files by template: a Jinja text rendered in the sandbox of expressions, checked before it leaves.

XML is escaped, must be well-formed, and has no DOCTYPE. A character the charset lacks, or one XML cannot hold, is a
finding; nothing is replaced. Templates write `\\n`; the line ends of the file are those of the option `newline`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from translator.core.finding import Finding, Findings, Place, Rejected
from translator.formats import xsd
from translator.formats.format import Format, Option
from translator.mapping.expression import Environment, Failed, Rendered
from translator.mapping.layout import MappingFile

NEWLINES: Final = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}
OPTIONS: Final = (
    Option("charset", "the file's charset", "utf-8"),
    Option("newline", "what ends a line", "lf", tuple(NEWLINES)),
)
FORMAT: Final = Format("template", OPTIONS, read=None, write=None)
_DECLARED: Final = re.compile(r"\s*<\?xml[^>]*\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


def compile_template(mapping: MappingFile, environment: Environment) -> Rendered:
    """Compile a mapping's template. Raises Misconfigured."""
    return environment.template(mapping.template, mapping.template_name, xml=mapping.format == "xml")


def render(mapping: MappingFile, template: Rendered, names: Mapping[str, Any], findings: Findings) -> bytes:
    """Render one file. `names`: as `mapping.writer.beginning` makes them. Raises Rejected."""
    try:
        text = template(names, size=len(names.get("batch") or ()))
    except Failed as failed:
        raise Rejected([failed.finding]) from None
    text = text.lstrip("\n") if mapping.format == "xml" else text
    data = _encoded(text.replace("\n", NEWLINES[mapping.options.get("newline", "lf")]), mapping)
    if mapping.format == "xml":
        _check_xml(text, data, mapping)
        findings.found += xsd.invalid(data, mapping, lambda _: Place(mapping.template_name))
    return data


def _encoded(text: str, mapping: MappingFile) -> bytes:
    charset = mapping.options.get("charset", "utf-8")
    try:
        return text.encode(charset)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        name = f"U+{ord(text[error.start]):04X}"
        problem = Finding(
            "charset-lacks", f"{charset} has no character {name}", Place(line=line),
            Place(mapping.template_name), "charset: utf-8, or replace it in the template",
        )  # fmt: skip
        raise Rejected([problem]) from None


def _check_xml(text: str, data: bytes, mapping: MappingFile) -> None:
    """Check that what was written is XML, in the charset it declares, without a DOCTYPE."""
    rule = Place(mapping.template_name)
    declared = _DECLARED.match(text)
    charset = mapping.options.get("charset", "utf-8")
    if (declared[1] if declared else "utf-8").lower() != charset.lower():
        hint = f'<?xml version="1.0" encoding="{charset}"?>'
        raise Rejected(
            [Finding("xml-charset", f"the file is written in {charset} but declares another", rule=rule, hint=hint)]
        )
    if "<!DOCTYPE" in text:
        raise Rejected([Finding("xml-doctype", "a DOCTYPE is not written", rule=rule)])
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        text = "what the template writes is not well-formed XML"
        raise Rejected(
            [Finding("xml-syntax", f"{text} (line {line})", Place(line=line, column=column), rule)]
        ) from None
