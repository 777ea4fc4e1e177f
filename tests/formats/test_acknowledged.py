"""What a partner's 997 and 999 say of our files, as the presets read it: each word of the standard, at each level."""

from pathlib import Path

import pytest

from tests.formats.interchanges import context, st, x12
from tests.loaded import ROOT, compiled
from translator.translation import read

MAPPINGS = ("x12/997", "x12/999", "amazon-x12/997", "amazon-x12/999")
WORDS = {  # what is said -> of the transaction (AK5, IK5), and of the group (AK9)
    "A": "accepted",
    "E": "errors",
    "P": "partly",
    "R": "rejected",
    "M": "rejected",  # its authentication failed
    "W": "rejected",  # its validity was not sure
    "X": "rejected",  # it could not be deciphered
}


def said(mapping, *segments):
    """Give what an acknowledgement comes to; in it `_3` is AK3 in a 997, IK3 in a 999."""
    set = Path(mapping).name
    letters = "AK" if set == "997" else "IK"
    text = x12(st(*(one.replace("_", letters, 1) for one in segments), set=set)).replace("GS*SW*", "GS*FA*")
    (document,) = read(compiled(ROOT / "mappings" / f"{mapping}.yaml"), [text.encode()], "FA1.edi", context())
    assert document.findings == ()
    return document.tree


@pytest.mark.parametrize("mapping", MAPPINGS)
@pytest.mark.parametrize("word", WORDS)
def test_each_word_of_the_standard_is_known_of_groups_and_transactions(mapping, word):
    whole = said(mapping, "AK1*OW*12", f"AK9*{word}*2*2*1")
    assert whole["status"] == WORDS[word]
    one = said(mapping, "AK1*OW*12", "AK2*940*0001", f"_5*{word}", "AK9*P*2*2*1")
    assert [each["status"] for each in one["transactions"]] == [WORDS[word]]


@pytest.mark.parametrize("mapping", MAPPINGS)
def test_a_transaction_of_which_nothing_is_said_is_as_its_group(mapping):
    tree = said(mapping, "AK1*OW*12", "AK2*940*0001", "AK9*R*1*1*0*4")
    assert [one["status"] for one in tree["transactions"]] == ["rejected"]
    assert tree["codes"] == [{"code": "4"}]


@pytest.mark.parametrize("mapping", MAPPINGS)
def test_all_that_is_wrong_with_all_transactions_is_kept_but_no_value(mapping):
    tree = said(
        mapping,
        *("AK1*OW*0012*005010", "AK2*940*0001", "_5*A", "AK2*940*0002"),
        *("_3*N4*6*N1*8", "_4*2>3*156*7*Ohio", "_4*4*26*1", "_3*N9*21**2*6"),
        *("_5*R*5*4", "AK2*940*0003", "_3*N3*5**8", "_4*1*166*5*9 Elm", "_5*E*5", "AK9*P*4*3*2*1*5"),
    )
    counts = {name: tree[name] for name in ("included", "received", "accepted")}
    assert counts == {"included": 4, "received": 3, "accepted": 2}
    assert (tree["control"], tree["codes"]) == ("0012", [{"code": "1"}, {"code": "5"}])
    good, bad, odd = tree["transactions"]
    assert good == {"set": "940", "control": "0001", "status": "accepted"}
    assert (bad["control"], bad["codes"]) == ("0002", [{"code": "5"}, {"code": "4"}])
    assert bad["segments"] == [
        {
            "tag": "N4",
            "number": 6,
            "codes": [{"code": "8"}],
            "elements": [{"element": 2, "component": 3, "code": "7"}, {"element": 4, "code": "1"}],
        },
        {"tag": "N9", "number": 21, "codes": [{"code": "2"}, {"code": "6"}]},
    ]
    assert [one["elements"] for one in odd["segments"]] == [[{"element": 1, "code": "5"}]]
    assert not any(value in str(tree) for value in ("Ohio", "Elm"))


@pytest.mark.parametrize("mapping", ["x12/999", "amazon-x12/999"])
def test_the_context_of_a_999_is_read_over(mapping):
    segments = ("AK1*OW*12", "AK2*940*0001", "_3*N4*6**8", "_4*2*156*1", "_5*R*5", "AK9*R*1*1*0")
    contexts = ("CTX*N104>98765", "CTX*SITUATIONAL TRIGGER*N1*5*N1*4>1*C040>128")
    among = (*segments[:3], *contexts, segments[3], *contexts, *segments[4:])
    assert said(mapping, *among) == said(mapping, *segments)
