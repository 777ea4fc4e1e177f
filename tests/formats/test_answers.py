"""What the presets answer to a file that is at fault, from the first byte to the last: the CONTRL and the 997 as they are sent."""

import re

import pytest

from tests.formats.interchanges import ISA, context, order, st, x12
from tests.loaded import ROOT, compiled
from tests.presets import settings_of
from translator.core.document import Document
from translator.translation import acknowledgements, groups, read, write

AT = "2026-12-01T18:00:00Z"
DESADV = """\
UNA:+.? '
UNB+UNOC:3+4012345500004:14+5412345000013:ZZ+261201:1105+412'
UNH+1+DESADV:D:96A:UN:EAN005'
BGM+351+S900+9'
DTM+11:202612011105:203'
RFF+ON:PO1'
TDT+20++++UPSN'
CPS+1'
MEA+PD+AAB+KGM:1.1'
LIN+1'
PIA+5+S1:SA'
QTY+12:2:PCE'
RFF+LI:1'
CNT+2:1'
UNT+13+1'
UNH+2+DESADV:D:96A:UN:EAN005'
BGM+351+S901+9'
DTM+11:202612020900:203'
RFF+ON:PO2'
CPS+2'
LIN+1'
QTY+12:5:PCE'
RFF+LI:1'
UNT+9+2'
UNZ+2+412'
"""
SHIP = """\
ISA*00*          *00*          *ZZ*RENOWMS        *ZZ*ACMEGOODS      *261201*1105*U*00401*000000412*0*P*>~
GS*SW*RENOWMS*ACMEGOODS*20261201*1105*412*X*004010~
ST*945*0001~
W06*F*PO1*20261201~
W27*M*UPSN~
LX*1~
MAN*CP*1Z0000000000000001~
W12*CC*2*2*****S1~
N9*LI*1~
W03*2*1.1*LB~
SE*9*0001~
ST*945*0002~
W06*F*PO2*20261202~
LX*1~
W12*CC*5*5*****S1~
N9*LI*1~
SE*6*0002~
GE*2*412~
IEA*1*000000412~
"""


def answer(system, reads, writes, text):
    """Give the segments of what is answered to a file, between the header of the message and its trailer."""
    mappings = ROOT / "mappings" / system
    reading, writing = compiled(mappings / reads), compiled(mappings / writes)
    data = text.encode("latin-1")
    stored = context(order("PO1"), order("PO2"), **settings_of(system))
    documents = list(read(reading, [data], "in.edi", stored))
    told = [Document("functional_acknowledgement", tree) for tree in
            acknowledgements(reading, groups(reading, [data], "in.edi"), documents, AT)]  # fmt: skip
    written = write(writing, told, stored)
    assert [str(one) for one in written.findings] == []
    (file,) = written.files
    lines = file.data.decode().split()
    first = next(number for number, line in enumerate(lines) if line.startswith(("UNH", "ST")))
    return [line.rstrip("'~") for line in lines[first + 1 : -2 if system == "edifact" else -3]]


def changed(text, old, new):
    assert text.count(old) == 1
    return text.replace(old, new)


UCI = "UCI+412+4012345500004:14+5412345000013:ZZ+"
GROUP = "UNG+DESADV+RENO+ACME+261201:1105+7+UN+D:96A'\n"
CONTRL = {  # what is changed in the DESADV -> what is said of the interchange, and of each of its messages
    "nothing": ("UNZ", "UNZ", "7", "1 7", "2 7"),
    "UNZ counts three": ("UNZ+2", "UNZ+3", "4+29", "1 4", "2 4"),
    "UNZ repeats another number": ("UNZ+2+412", "UNZ+2+413", "4+28", "1 4", "2 4"),
    "UNZ is missing": ("UNZ+2+412'\n", "", "4+13", "1 4", "2 4"),
    "UNT counts one too many": ("UNT+9+2", "UNT+10+2", "7", "1 7", "2 4+29"),
    "UNT counts one too few": ("UNT+13+1", "UNT+12+1", "7", "1 4+29", "2 7"),
    "UNT repeats another number": ("UNT+9+2", "UNT+9+3", "7", "1 7", "2 4+28"),
    "the first UNT is missing": ("UNT+13+1'\n", "", "7", "1 4+13", "2 7"),
    "the last UNT is missing": ("UNT+9+2'\n", "", "7", "1 7", "2 4+13"),
    "a number comes again": ("UNH+2+DESADV", "UNH+1+DESADV", "7", "1 7", "1 4+26"),
    "a message of another kind": ("UNH+2+DESADV", "UNH+2+ORDERS", "4", "1 4", "2 4+14"),
    "a date that is none": ("DTM+11:202612011105", "DTM+11:20261301", "7", "1 4 UCS+3+12 UCD+12+2:2", "2 7"),
    "no date": ("DTM+11:202612020900:203", "DTM+11::203", "7", "1 7", "2 4 UCS+3+12 UCD+13+2:2"),
    "a number that is none": ("QTY+12:2:PCE", "QTY+12:two:PCE", "7", "1 4 UCS+10+12 UCD+37+2:2", "2 7"),
    "an element too many": ("BGM+351+S901+9", "BGM+351+S901+9+AB", "7", "1 7", "2 4 UCS+2+12 UCD+16+5"),
    "a component too many": ("BGM+351+S901", "BGM+351:9+S901", "7", "1 7", "2 4 UCS+2+12 UCD+16+2:2"),
    "a segment of no use": ("CNT+2:1", "ALI+ZZ", "7", "1 4 UCS+12+15", "2 7"),
    "no quantity": ("QTY+12:5:PCE", "IMD+F", "7", "1 7", "2 4 UCS+7+15 UCS+8+13"),
    "a NUL": ("UPSN", "UP\0", "7", "1 4+18", "2 7"),
    "a segment of no use between two messages": ("UNH+2", "ALI+ZZ'\nUNH+2", "4", "1 4", "2 4"),
    "a UNB of an element too many": ("1105+412", "1105+412+++++++9", "4", "1 4", "2 4"),
    "UNZ stands there twice": ("UNZ+2+412'", "UNZ+2+412'UNZ+2+412'", "4+15", "1 4", "2 4"),
    "UNT stands there twice": ("UNT+13+1'", "UNT+13+1'UNT+13+1'", "4+15", "1 4", "2 4"),
    "a segment between two messages": ("UNH+2", "LIN+7'UNH+2", "4", "1 4", "2 4"),
    "a segment before the interchange": ("UNB", "LIN+7'UNB", "4", "1 4", "2 4"),
    "no quantity at the end, and no UNT": ("QTY+12:2:PCE'\nRFF+LI:1'\nCNT+2:1'\nUNT+13+1'\n", "",
        "7", "1 4+13 UCS+9+13", "2 7"),
}  # fmt: skip


GROUP_FAULTS = {"UNE+2+7": "7", "UNE+3+7": "4+29", "UNE+2+8": "4+28", "": "4+13"}  # how a group ends -> what UCI says


def contrl(text):
    """Give what a CONTRL says of the interchange, and of each of its messages: number, action, and what is at fault in it."""
    said = " ".join(answer("edifact", "desadv.yaml", "contrl-out.yaml", text))
    assert said.startswith(UCI)
    whole, *messages = said.removeprefix(UCI).split(" UCM+")
    return [whole, *(re.sub(r"\+(DESADV|ORDERS):D:96A:UN\+", " ", one) for one in messages)]


@pytest.mark.parametrize("what", CONTRL)
def test_a_desadv_is_answered_by_a_contrl(what):
    old, new, *said = CONTRL[what]
    assert contrl(changed(DESADV, old, new)) == said


@pytest.mark.parametrize("end", GROUP_FAULTS)
def test_what_is_wrong_with_a_group_of_edifact_is_told_of_its_interchange(end):
    text = changed(DESADV, "UNH+1+", f"{GROUP}UNH+1+")
    text = changed(text, "UNZ+2", f"{end}'\nUNZ+1" if end else "UNZ+1")
    whole, *messages = contrl(text)
    assert whole == GROUP_FAULTS[end]
    assert messages == [f"{number} {whole[0]}" for number in (1, 2)]


AK = "AK1*SW*412"
FA = {  # what is changed in the file of 945 -> what the 997 says of each of its transactions, and of the group
    "nothing": ("GE", "GE", "0001 AK5*A", "0002 AK5*A", "A*2*2*2"),
    "GE counts three": ("GE*2", "GE*3", "0001 AK5*R", "0002 AK5*R", "R*3*2*0*5"),
    "GE repeats another number": ("GE*2*412", "GE*2*413", "0001 AK5*R", "0002 AK5*R", "R*2*2*0*4"),
    "GE counts three, and repeats another number": ("GE*2*412", "GE*3*413",
        "0001 AK5*R", "0002 AK5*R", "R*3*2*0*5*4"),
    "GE is missing": ("GE*2*412~\n", "", "0001 AK5*R", "0002 AK5*R", "R*2*2*0*3"),
    "IEA counts two": ("IEA*1", "IEA*2", "0001 AK5*R", "0002 AK5*R", "R*2*2*0"),
    "SE counts one too many": ("SE*6", "SE*7", "0001 AK5*A", "0002 AK5*R*4", "P*2*2*1"),
    "SE counts one too few": ("SE*9", "SE*8", "0001 AK5*R*4", "0002 AK5*A", "P*2*2*1"),
    "SE repeats another number": ("SE*6*0002", "SE*6*0003", "0001 AK5*A", "0002 AK5*R*3", "P*2*2*1"),
    "the first SE is missing": ("SE*9*0001~\n", "", "0001 AK5*R*2", "0002 AK5*A", "P*2*2*1"),
    "the last SE is missing": ("SE*6*0002~\n", "", "0001 AK5*A", "0002 AK5*R*2", "P*2*2*1"),
    "a number comes again": ("ST*945*0002", "ST*945*0001", "0001 AK5*A", "0001 AK5*R*23*3", "P*2*2*1"),
    "a transaction of another kind": ("ST*945*0002", "ST*940*0002", "0001 AK5*R", "0002 AK5*R*1", "R*2*2*0"),
    "a date that is none": ("PO1*20261201", "PO1*20261301",
        "0001 AK3*W06*2**8 AK4*3**8 AK5*R*5", "0002 AK5*A", "P*2*2*1"),
    "no date": ("PO2*20261202", "PO2", "0001 AK5*A", "0002 AK3*W06*2**8 AK4*3**1 AK5*R*5", "P*2*2*1"),
    "a number that is none": ("W12*CC*5*5", "W12*CC*5*five",
        "0001 AK5*A", "0002 AK3*W12*4**8 AK4*3**6 AK5*R*5", "P*2*2*1"),
    "an element too many": ("M*UPSN", "M*UPSN*****X*Y",
        "0001 AK3*W27*3**8 AK4*8**3 AK5*R*5", "0002 AK5*A", "P*2*2*1"),
    "a total that disagrees": ("W03*2", "W03*3", "0001 AK3*W03*8**8 AK4*1**7 AK5*R*5", "0002 AK5*A", "P*2*2*1"),
    "a segment of no use": ("W27*M*UPSN", "ZZ1*M", "0001 AK3*ZZ1*3**2 AK5*R*5", "0002 AK5*A", "P*2*2*1"),
    "a segment that is missing": ("W12*CC*2*2*****S1~\nN9*LI*1~", "MAN*GM*1~\nG62*1~",
        "0001 AK3*W12*7**3 AK5*R*5", "0002 AK5*A", "P*2*2*1"),
    "a NUL": ("UPSN", "UP\0", "0001 AK5*R*5", "0002 AK5*A", "P*2*2*1"),
    "a segment of no use between two transactions": ("ST*945*0002", "ZZ1*M~\nST*945*0002",
        "0001 AK5*R", "0002 AK5*R", "R*2*2*0"),
    "a second GE": ("GE*2*412~", "GE*2*412~\nGE*2*412~", "0001 AK5*R", "0002 AK5*R", "R*2*2*0"),
    "no ISA": (SHIP.split("\n", maxsplit=1)[0] + "\n", "", "0001 AK5*R", "0002 AK5*R", "R*2*2*0"),
    "a GS of an element too many": ("*X*004010", "*X*004010*1", "0001 AK5*R", "0002 AK5*R", "R*2*2*0"),
    "a GE of an element too many": ("GE*2*412", "GE*2*412*1", "0001 AK5*R", "0002 AK5*R", "R*2*2*0"),
    "a tag in small letters": ("W27*", "w27*", "0001 AK3*w27*3**2 AK5*R*5", "0002 AK5*A", "P*2*2*1"),
    "a segment without a tag": ("W27*", "*", "0001 AK5*R*5", "0002 AK5*A", "P*2*2*1"),
    "a tag that is none": ("W27*", "W-27x*", "0001 AK5*R*5", "0002 AK5*A", "P*2*2*1"),
    "a tag of five letters": ("W27*", "W2727*", "0001 AK5*R*5", "0002 AK5*A", "P*2*2*1"),
    "IEA stands there twice": ("IEA*1*000000412~", "IEA*1*000000412~IEA*1*000000412~", "0001 AK5*R", "0002 AK5*R", "R*2*2*0"),
    "SE stands there twice": ("SE*9*0001~", "SE*9*0001~SE*9*0001~", "0001 AK5*R", "0002 AK5*R", "R*2*2*0"),
    "a segment between two transactions": ("ST*945*0002", "LX*7~ST*945*0002", "0001 AK5*R", "0002 AK5*R", "R*2*2*0"),
    "a segment behind the group": ("IEA", "LX*7~IEA", "0001 AK5*R", "0002 AK5*R", "R*2*2*0"),
    "an element too many in the header of the group": ("X*004010", "X*004010*Z", "0001 AK5*R", "0002 AK5*R", "R*2*2*0"),
    "a carton of nothing at the end, and no SE": ("W12*CC*2*2*****S1~\nN9*LI*1~\nW03*2*1.1*LB~\nSE*9*0001~\n", "",
        "0001 AK3*W12*6**3 AK5*R*2*5", "0002 AK5*A", "P*2*2*1"),
}  # fmt: skip


@pytest.mark.parametrize("what", FA)
def test_a_945_is_answered_by_a_997(what):
    old, new, *said = FA[what]
    first, *others = " ".join(answer("x12", "945.yaml", "997-out.yaml", changed(SHIP, old, new))).split(" AK2*")
    last, group = others.pop().split(" AK9*")
    assert first == "AK1*SW*412"
    assert [*(re.sub("^9[0-9]{2}\\*", "", one) for one in (*others, last)), group] == said


@pytest.mark.parametrize("number", ["", "1234567890"])
def test_a_transaction_whose_number_cannot_be_told_counts_in_its_group(number):
    text = changed(SHIP, "ST*945*0002", f"ST*945*{number}").replace("SE*6*0002", f"SE*6*{number}")
    assert answer("x12", "945.yaml", "997-out.yaml", text) == ["AK1*SW*412", "AK2*945*0001", "AK5*A", "AK9*A*2*2*2"]


def test_what_is_wrong_around_one_of_two_interchanges_refuses_its_own_transactions():
    reading = compiled(ROOT / "mappings/x12/945.yaml")
    second = SHIP.replace("412~", "413~").replace("*412*", "*413*").replace("000000412", "000000413")
    data = (SHIP + second.replace("PO1", "PO3").replace("PO2", "PO4").replace("*X*004010", "*X*004010*1")).encode()
    documents = list(read(reading, [data], "in.edi", context(*(order(f"PO{n}") for n in range(1, 5)))))
    assert [one.rejected for one in documents] == [False, False, True, True]
    answers = acknowledgements(reading, groups(reading, [data], "in.edi"), documents, AT)
    assert [(one["control"], one["status"]) for one in answers] == [("412", "accepted"), ("413", "rejected")]


NOTICE = (ROOT / "samples/amazon-x12/856/one-package/in.edi").read_text()


@pytest.mark.parametrize("old, new", [("HL*1**S", "HL*1**X"), ("HL*1**S", "HL*1"), ("HL*2*1*O", "HL*2*1*X")])
def test_a_ship_notice_in_which_no_order_can_be_found_is_refused_and_not_lost(old, new):
    reading = compiled(ROOT / "mappings/amazon-x12/856.yaml")
    before, whole, after = (part for part in NOTICE.partition(NOTICE[NOTICE.index("ST*") : NOTICE.index("GE*")]))
    bad = changed(whole, old, new).replace("*0001~", "*0002~").replace("D4kTz8Qw2", "D4kTz8Qw3")
    text = changed(f"{before}{whole}{bad}{after}", "GE*1", "GE*2")
    good, lost = read(reading, [text.encode()], "in.edi", context())
    assert (good.rejected, lost.kind, lost.rejected) == (False, "unread", True)
    (told,) = acknowledgements(reading, groups(reading, [text.encode()], "in.edi"), [good, lost], AT)
    assert [one["status"] for one in told["transactions"]] == ["accepted", "rejected"]


STOCK = ("BIA*25*SI", "N1*WH**92*EWR1", "LIN*1*VN*S1", "QTY*33*5")


@pytest.mark.parametrize("second, word", [("RNO4", "R"), ("EWR1", "A")])
@pytest.mark.parametrize("system", ["x12", "amazon-x12"])
def test_stock_of_several_warehouses_in_one_846_is_refused(system, second, word):
    text = x12(st(*STOCK, f"N1*WH**92*{second}", "LIN*2*VN*S2", "QTY*33*9", set="846")).replace("GS*SW", "GS*IB")
    assert answer(system, "846.yaml", "997-out.yaml", text)[-1].startswith(f"AK9*{word}*1*1")


@pytest.mark.parametrize("second, word", [("RNO4", "4"), ("EWR1", "7")])
def test_stock_of_several_warehouses_in_one_message_is_refused(second, word):
    lines = [f"NAD+WH+{one}::92'LIN+1'PIA+5+{one}:SA'QTY+145:5:PCE'" for one in ("EWR1", second)]
    head = DESADV.partition("UNH")[0]
    text = f"{head}UNH+1+INVRPT:D:96A:UN'BGM+35+1+9'{''.join(lines)}UNT+11+1'UNZ+1+412'"
    _, message = answer("edifact", "invrpt.yaml", "contrl-out.yaml", text)[:2]
    assert message.startswith(f"UCM+1+INVRPT:D:96A:UN+{word}")


@pytest.mark.parametrize("second, word", [("PO2", "4"), ("PO1", "7")])
@pytest.mark.parametrize("behind", ["RFF+ON:PO1'", "RFF+LI:1'\nCNT+2:1'"])
def test_several_orders_in_one_desadv_are_refused(behind, second, word):
    rest = "\nCNT+2:1'" if "CNT" in behind else ""
    text = changed(DESADV, behind, f"{behind.removesuffix(rest)}\nRFF+ON:{second}'{rest}")
    message = contrl(changed(text, "UNT+13+1", "UNT+14+1"))[1]
    assert message.startswith(f"1 {word}")


WORDS = {
    "A": "accepted",
    "E": "errors",
    "P": "partly",
    "R": "rejected",
    "M": "rejected",
    "W": "rejected",
    "X": "rejected",
}


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("set_", ["997", "999"])
def test_each_word_of_a_997_or_999_is_read_of_a_transaction_and_of_the_group_with_all_codes(set_, word):
    own = "AK5" if set_ == "997" else "IK5"
    body = ["AK1*OW*12", "AK2*940*0001", f"{own}*{word}*4*3", "AK2*940*0002", f"AK9*{word}*3*2*1*5*4"]
    data = x12(st(*body, set=set_)).replace("GS*SW*", "GS*FA*").encode()
    (document,) = read(compiled(ROOT / f"mappings/x12/{set_}.yaml"), [data], "in.edi", context())
    tree = document.tree
    assert (tree["code"], tree["control"], tree["status"]) == ("OW", "12", WORDS[word])
    assert (tree["included"], tree["received"], tree["accepted"]) == (3, 2, 1)
    assert [one["code"] for one in tree["codes"]] == ["5", "4"]
    said, silent = tree["transactions"]
    assert (said["status"], [one["code"] for one in said["codes"]]) == (WORDS[word], ["4", "3"])
    assert silent["status"] == WORDS[word]  # what is not said of it is said of its group


TAKEN = {"A": "accepted", "E": "errors", "R": "rejected"}


@pytest.mark.parametrize("word", TAKEN)
@pytest.mark.parametrize("note", ["000", "001", "021", "025"])
def test_each_word_of_a_ta1_is_read_with_its_note(word, note):
    data = f"{ISA}TA1*000000012*261201*1830*{word}*{note}~IEA*0*000000007~".encode()
    (document,) = read(compiled(ROOT / "mappings/x12/ta1.yaml"), [data], "in.edi", context())
    assert (document.tree["interchange"], document.tree["status"]) == ("000000012", TAKEN[word])
    assert [one["code"] for one in document.tree.get("codes", ())] == ([] if note == "000" else [note])
