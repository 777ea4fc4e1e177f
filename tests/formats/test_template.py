"""Files by template: escaped, well-formed, in the charset and with the line ends that were declared."""

from __future__ import annotations

import pytest

from tests.mapping.made import ENVIRONMENT, frozen, made, order
from translator.core.finding import Findings, Rejected
from translator.formats.template import compile_template, render
from translator.mapping.writer import beginning

HEAD = "writes: order\nformat: xml\ntemplate: o.xml.j2\nlet: {to: order.orderDetails.shipToParty}\n"


def written(template: str, head: str = HEAD, tree=None, **files: bytes) -> bytes:
    mapping = made(head, **{"o.xml.j2": template.encode(), **files})
    names = beginning(mapping, ENVIRONMENT)({"order": tree or order()}, frozen(settings={"id": "ACME"}))
    return render(mapping, compile_template(mapping, ENVIRONMENT), names, Findings())


def refused(template: str, **words) -> list[tuple[str, str, int]]:
    with pytest.raises(Rejected) as caught:
        written(template, **words)
    return [(one.code, one.rule.file, one.rule.line) for one in caught.value.findings]


ALL = """<?xml version="1.0" encoding="utf-8"?>
<order id="{{ order.purchaseOrderNumber }}" name="{{ to.name }}">
{% for item in order.orderDetails.items %}
  <line n="{{ loop.index }}" qty="{{ item.orderedQuantity.amount }}">{{ item.title | upper }}</line>
{% endfor %}
  <ship method="{{ order.orderDetails.shipmentDetails.shipMethod | lookup('ship_methods') }}">{{
    now | date('%Y%m%d', zone='warehouse') }}</ship>
</order>
"""


def test_a_template_sees_the_document_its_short_names_tables_and_functions():
    tree = order(shipToParty={"name": 'A & "B" <C>'})
    assert written(ALL, tree=tree).decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<order id="D3rC" name="A &amp; &#34;B&#34; &lt;C&gt;">\n'
        '  <line n="1" qty="1">A THING</line>\n'
        '  <line n="2" qty="2">A THING</line>\n'
        '  <ship method="U2">20261201</ship>\n'
        "</order>\n"
    )


def test_lines_end_as_declared_and_the_charset_is_kept():
    head = HEAD + "newline: crlf\ncharset: cp1252\n"
    data = written('<?xml version="1.0" encoding="cp1252"?>\n<o>{{ to.name }}</o>\n', head)
    assert data == '<?xml version="1.0" encoding="cp1252"?>\r\n<o>Jo Müller</o>\r\n'.encode("cp1252")


@pytest.mark.parametrize(
    "template, tree, code, line",
    [
        ("<o>\n{{ to.name }}</o>", order(shipToParty={"name": "a\x0bb"}), "xml-character", 2),
        ("<o>\n{{ to.addressLine2 }}</o>", order(), "value-missing", 2),
        ("<o>\n{{ order.orderDetails.shipmentDetails.shipMethod | lookup('ship_methods') }}</o>",
         order(shipmentDetails={"shipMethod": "NOPE"}), "lookup-miss-hold", 2),
        ("<o><p></o>", order(), "xml-syntax", 0),
        ("<!DOCTYPE o [<!ENTITY a 'b'>]><o>&a;</o>", order(), "xml-doctype", 0),
        ('<?xml version="1.0" encoding="latin-1"?><o/>', order(), "xml-charset", 0),
        ("", order(), "xml-syntax", 0),
    ],
)  # fmt: skip
def test_what_cannot_leave_is_rejected_with_the_place_in_the_template(template, tree, code, line):
    assert refused(template, tree=tree) == [(code, "o.xml.j2", line)]


def test_a_letter_the_charset_lacks_is_a_finding_not_a_question_mark():
    head = "writes: order\ntemplate: o.xml.j2\ncharset: cp1252\nlet: {to: order.orderDetails.shipToParty}\n"
    assert refused("{{ to.name }}", head=head, tree=order(shipToParty={"name": "Łódź"})) == [
        ("charset-lacks", "o.xml.j2", 0)
    ]
    assert written("{{ to.name }}\n", head) == "Jo Müller\n".encode("cp1252")


def test_a_text_template_does_not_escape():
    head = "writes: order\ntemplate: o.xml.j2\n"
    assert written("{{ order.orderDetails.shipToParty.name }}", head, order(shipToParty={"name": "A & B"})) == b"A & B"
