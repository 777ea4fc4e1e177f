"""test: samples are run, differences shown so that every byte can be seen, and taken over when that is asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.command import run, run_json
from translator.cli.behind.visible import difference, lines, ruler, visible


@pytest.fixture
def site(tmp_path):
    run("init", tmp_path / "site", "--preset", "plain-csv", "--preset", "plain-fixed")
    return tmp_path / "site"


def edit(site, name, before, after):
    path = site / name
    data = path.read_bytes()
    assert before.encode() in data
    path.write_bytes(data.replace(before.encode(), after.encode(), 1))


ONE = "samples/plain-fixed/orders/one-line"


def test_a_site_that_init_made_has_samples_that_come_out_as_they_stand(site):
    said = run("test", "-C", site).stdout
    count = len(list(site.glob("samples/*/*/*/in.*")))
    assert count > 20
    assert said.splitlines()[0] == f"{count} samples: {count} same"


def test_fields_that_no_sample_fills_are_named_where_all_samples_of_a_mapping_ran(site):
    said = run("test", "-C", site).stdout
    assert "plain-csv/orders: 2 of 28 fields no sample fills: ATTENTION, ADDRESS3\n" in said
    assert "no sample fills" not in run("test", site / ONE).stdout
    found = run_json("test", site / "samples/plain-csv")["coverage"]["plain-csv/orders"]
    assert [one["field"] for one in found["never"]] == ["ATTENTION", "ADDRESS3"]
    assert "orderDetails.billToParty.partyId" in found["unasked"]
    assert "orderDetails.items[].title" not in found["unasked"]


def test_what_is_fixed_or_blank_on_purpose_needs_no_sample(site):
    (site / "mappings/plain-csv/fixed.yaml").write_text(
        "writes: order\nformat: fixed\nfile: a.txt\n"
        "fields: {a: {len: 3, text: AAA}, filler: {len: 5, text: ''}, po: {len: 12, from: order.purchaseOrderNumber}}\n"
    )
    for name in ("one", "two"):
        sample = site / "samples/plain-csv/fixed" / name
        sample.mkdir(parents=True)
        (sample / "in.json").write_bytes((site / ONE / "in.json").read_bytes())
    found = run_json("test", site / "samples/plain-csv/fixed", "--accept")["coverage"]["plain-csv/fixed"]
    assert (found["fields"], found["never"]) == (1, [])


def test_samples_hold_when_their_warehouse_system_got_another_name(tmp_path):
    site = tmp_path / "site"
    run("init", site, "--preset", "plain-fixed")
    for top in ("mappings", "samples"):
        (site / top / "plain-fixed").rename(site / top / "newark")
    assert any("plain-fixed/" in path.read_text() for path in site.glob("samples/newark/*/*/findings.txt"))
    one = site / "samples/newark/orders/unknown-ship-method"
    assert "1 sample: 1 same" in run("test", one).stdout
    edit(
        site,
        "samples/newark/orders/unknown-ship-method/findings.txt",
        "plain-fixed/orders.yaml:",
        "plain-fixed/orders.yaml:9",
    )
    assert "no longer said" in run("test", one, code=1).stdout


def test_what_is_accepted_with_an_error_in_it_is_said(site):
    edit(site, f"{ONE}/in.json", "UPS_GR_RES", "PIGEON_POST")
    said = run("test", site / ONE, "--accept").stdout
    assert "one-line: accepted\n  with " in said
    assert "error lookup-miss-hold" in said


def test_a_field_that_no_sample_fills_is_named_with_its_record(tmp_path):
    run("init", tmp_path / "site", "--preset", "x12")
    said = run("test", tmp_path / "site/samples/x12/997").stdout
    assert "no sample fills: AK1.version, " in said


def test_of_a_template_it_is_known_what_it_asks_for(tmp_path):
    run("init", tmp_path / "site", "--preset", "plain-xml")
    found = run_json("test", "-C", tmp_path / "site")["coverage"]["plain-xml/orders"]
    assert "orderDetails.items[].title" not in found["unasked"]
    assert "orderDetails.shipToParty.phone" in found["unasked"]


def test_a_difference_shows_blanks_line_ends_a_ruler_and_the_bytes(site):
    edit(site, f"{ONE}/out.txt", "B0SAMPLEKT0", "B0SAMPLEKT ")
    said = run("test", site / ONE, code=1).stdout.splitlines()
    assert said[0] == "plain-fixed/orders/one-line: differs"
    old, new, marks, where = said[4:8]
    assert "----+----|" in said[3]
    assert old.endswith("Kettle,·1.7·l" + "·" * 37 + "␍␊")
    assert (old[marks.index("^")], new[marks.index("^")]) == ("·", "0")
    assert where.strip() == "column 48: 30 instead of 20"
    assert said[8] == "  it begins in D.qty: plain-fixed/orders.yaml:34"


def test_what_is_the_same_but_for_its_line_ends_differs(site):
    edit(site, f"{ONE}/out.txt", "\r\n", "\n")
    said = run("test", site / ONE, code=1).stdout
    assert "0D 0A instead of 0A" in said or "0D instead of nothing" in said


def test_what_check_would_warn_of_is_pointed_to(site):
    told = "1 warning about the mapping: translator check, or preview\n"
    assert run("test", "plain-csv/orders", "-C", site).stderr == ""
    edit(site, "mappings/plain-csv/orders.yaml", "{maybe: item.netPrice.amount", "{from: item.netPrice.amount")
    assert run("test", "plain-csv/orders", "-C", site).stderr == told
    order = next((site / "samples/plain-csv/orders").glob("*/in.json"))
    assert run("convert", "-m", site / "mappings/plain-csv/orders.yaml", order, "--zone", "UTC").stderr == told


def test_accept_writes_what_came_out_and_then_all_is_the_same(site):
    edit(site, "mappings/plain-fixed/orders.yaml", "{len: 7,  from: item", "{len: 8,  from: item")
    before = (site / ONE / "out.txt").read_bytes()
    found = run_json("test", site / "samples/plain-fixed", code=1)
    assert not found["ok"]
    assert {one["is"] for one in found["samples"]} == {"same", "differs"}
    run("test", site / "samples/plain-fixed", "--accept")
    assert len((site / ONE / "out.txt").read_bytes()) == len(before) + 1
    run("test", site / "samples/plain-fixed")


def test_a_new_sample_needs_only_what_goes_in(site):
    new = site / "samples/plain-csv/orders/mine"
    new.mkdir()
    (new / "in.json").write_bytes((site / "samples/plain-csv/orders/one-line/in.json").read_bytes())
    said = run("test", new, code=1).stdout
    assert "plain-csv/orders/mine: new" in said
    assert "out.csv is not there; this came out:" in said
    run("test", new, "--accept")
    assert (new / "out.csv").read_bytes() == (new.with_name("one-line") / "out.csv").read_bytes()


def test_a_sample_into_which_two_files_could_go_is_not_guessed_at(site):
    (site / ONE / "in.json~").write_text("what an editor left")
    assert "1 sample: 1 same" in run("test", site / ONE).stdout
    (site / ONE / "in.txt").write_text("H")
    said = run("test", site / ONE, code=2).stderr
    assert "sample-ambiguous: several files go in: in.json, in.txt (hint: keep one of them" in said
    assert "sample-ambiguous" in run("preview", site / "mappings/plain-fixed/orders.yaml", "one-line", code=2).stderr


def test_what_is_said_is_held_to_as_well(site):
    bad = next(site.glob("samples/plain-csv/*/*/findings.txt"))
    words = bad.read_text()
    bad.write_text("something else\n")
    said = run("test", bad.parent, code=1).stdout
    assert "  no longer said: something else" in said
    assert f"  now said: {words.splitlines()[0]}" in said
    run("test", bad.parent, "--accept")
    assert bad.read_text() == words


def test_a_broken_mapping_is_told_once_with_a_caret_and_the_other_samples_go_on(site):
    edit(site, "mappings/plain-csv/orders.yaml", "lookup: ship_methods", "lookup: ship_method")
    said = run("test", "-C", site, code=2)
    assert said.stderr.count("mapping-file-missing") == 1
    assert "^~~~~~~~~~~" in said.stderr
    assert "plain-csv/orders/one-line: mapping is wrong" in said.stdout
    assert any(line.endswith("8 mapping is wrong") for line in said.stdout.splitlines())


def test_samples_without_a_mapping_say_so(site):
    (site / "mappings/plain-fixed/orders.yaml").unlink()
    said = run("test", site / ONE, code=2)
    assert "file-unreadable" in said.stderr


def test_the_time_numbers_and_settings_are_those_of_the_nearest_given(site):
    (site / "mappings/plain-csv/stamps.yaml").write_text(
        "writes: order\nformat: csv\nfile: S.csv\npartner: {id: our id, code: theirs}\nlet: {n: counter('files')}\n"
        "fields:\n  AT: {from: now, date: '%Y-%m-%d %H:%M', zone: warehouse}\n  N: n\n  US: partner.id\n  THEM: partner.code\n"
    )
    sample = site / "samples/plain-csv/stamps/one"
    sample.mkdir(parents=True)
    (sample / "in.json").write_bytes((site / ONE / "in.json").read_bytes())
    (sample.parent / "given.yaml").write_text("at: 2026-07-01T12:00:00Z\nzone: UTC\npartner: {id: US1, code: ''}\n")
    (sample / "given.yaml").write_text("sequence: {files: 41}\npartner: {code: THEM1}\n")
    run("test", sample, "--accept")
    assert (sample / "out.csv").read_text() == "2026-07-01 12:00,41,US1,THEM1\n"


def test_settings_of_the_partner_come_from_the_site_where_nothing_gives_them(site):
    edit(site, "translator.yaml", "  plain-csv:", "  plain-csv:\n    partner: {id: FROM-SITE}")
    (site / "mappings/plain-csv/stamps.yaml").write_text(
        "writes: order\nformat: csv\nfile: S.csv\npartner: {id: our id}\nfields: {US: partner.id, N: order.purchaseOrderNumber}\n"
    )
    sample = site / "samples/plain-csv/stamps/one"
    sample.mkdir(parents=True)
    (sample / "in.json").write_bytes((site / ONE / "in.json").read_bytes())
    run("test", sample, "--accept")
    assert (sample / "out.csv").read_text().startswith("FROM-SITE,")


def test_a_warehouse_has_the_zone_of_the_site_and_one_it_does_not_name_that_of_given(site):
    there, elsewhere = "America/Los_Angeles", "Asia/Tokyo"
    mine = f"{{RNO4: {there}, TWO2: {{zone: {there}, days: mon-fri}}}}"
    edit(site, "translator.yaml", "{EWR1: America/New_York}", mine)
    edit(site, "translator.yaml", "{RNO4: America/Los_Angeles}", f"{{FAR3: {elsewhere}, TWO2: {elsewhere}}}")
    (site / "samples/given.yaml").write_text("zone: Europe/London\n")
    sample = ordered_at(site, "RNO4", "TWO2", "FAR3", "NEW9")
    run("test", sample, "--accept")
    assert hours(sample) == ["RNO4,06:05", "TWO2,06:05", "FAR3,23:05", "NEW9,14:05"]
    of_no_system = ordered_at(site, "RNO4", "TWO2", system="shared")
    run("test", of_no_system, "--accept")
    assert hours(of_no_system) == ["RNO4,06:05", "TWO2,14:05"]
    (sample / "given.yaml").write_text("zone: UTC\n")
    run("test", sample, "--accept")
    assert hours(sample) == ["RNO4,14:05", "TWO2,14:05", "FAR3,14:05", "NEW9,14:05"]


@pytest.mark.parametrize("broken", ["LAX9: [", "LAX9: America/Los_Angelos}", "LAX9: }"])
def test_a_site_that_is_half_edited_leaves_the_zone_to_given(site, broken):
    edit(site, "translator.yaml", "EWR1: America/New_York}", broken)
    sample = ordered_at(site, "LAX9")
    run("test", sample, "--accept")
    assert hours(sample) == ["LAX9,09:05"]


def ordered_at(site, *warehouses, system="plain-csv"):
    """Write a sample of a mapping that says when each order was made, in the zone of its warehouse."""
    (site / "mappings" / system).mkdir(exist_ok=True)
    (site / "mappings" / system / "stamps.yaml").write_text(
        "writes: order\nformat: csv\nfile: S.csv\nbatch: {most: 9}\neach: order in batch\nfields:\n"
        "  FROM: order.orderDetails.shipFromParty.partyId\n"
        "  AT: {from: order.orderDetails.orderDate, date: '%H:%M', zone: warehouse}\n"
    )
    sample = site / "samples" / system / "stamps/one"
    sample.mkdir(parents=True)
    text = (site / ONE / "in.json").read_text().replace('"D4kTz8Qw1"', '"NUMBER"')
    made = [text.replace('"EWR1"', f'"{code}"').replace("NUMBER", f"P{code}") for code in warehouses]
    (sample / "in.json").write_text(f"[{','.join(made)}]")
    return sample


def hours(sample):
    return (sample / "out.csv").read_text().splitlines()


def test_a_mistyped_word_in_given_is_refused_with_its_place(site):
    (site / "samples/given.yaml").write_text("at: 2026-12-01\nzon: UTC\n")
    said = run("test", site / ONE, code=2).stderr
    assert "given.yaml:2:1" in said
    assert "did you mean 'zone'?" in said


def test_several_files_of_one_sample_stand_in_a_folder_by_their_names(site):
    both = [(site / f"samples/plain-csv/orders/{name}/in.json").read_text() for name in ("one-line", "gift")]
    sample = site / "samples/plain-csv/orders/two-files"
    sample.mkdir()
    (sample / "in.json").write_text(f"[{','.join(both)}]")
    run("test", sample, "--accept")
    assert len(list((sample / "out").iterdir())) == 2
    run("test", sample)
    next((sample / "out").iterdir()).unlink()
    assert "is not there" in run("test", sample, code=1).stdout


SET = """\
reads: shipment_confirmation
format: csv
files:
  head:
    file: "SH{turn}.csv"
    records: {H: {times: 0.., fields: {ORDER: {}, SHIPPED: {date: "%Y-%m-%d", time: "17:00", zone: warehouse}}}}
  lines:
    file: "SL{turn}.csv"
    records: {L: {times: 0.., fields: {OF: {}, LINE: {}, QTY: {type: integer}, CARTON: {}}}}
  done: {file: "S{turn}.DON"}
documents:
  each: H
  let: {number: ORDER}
  about: {order: ORDER}
  shipmentDetails: {shippedDate: SHIPPED}
  containers:
    each: L if OF == number
    group: CARTON
    containerIdentifier: CARTON
    packedItems: {each: L, about: {item: LINE}, packedQuantity: {amount: QTY}}
"""


def test_files_that_are_read_together_stand_in_a_folder_of_the_sample(site):
    (site / "mappings/plain-csv/sets.yaml").write_text(SET)
    sample = site / "samples/plain-csv/sets/one"
    (sample / "in").mkdir(parents=True)
    (sample / "in/S7.DON").write_text("")
    (sample / "in/SL7.csv").write_text("D4kTz8Qw2,1,1,C1\nD4kTz8Qw2,2,4,C1\n")
    (sample / "in/SH7.csv").write_text("D4kTz8Qw2,2026-11-30\n")
    stored = next(site.glob("samples/plain-csv/ship/*/stored"))
    (sample / "stored").mkdir()
    for path in stored.iterdir():
        (sample / "stored" / path.name).write_bytes(path.read_bytes())
    run("test", sample, "--accept")
    assert '"containerIdentifier": "C1"' in (sample / "out.json").read_text()
    said = run("preview", "plain-csv/sets", "-C", site).stdout
    assert said.index("SH7.csv: 1 line") < said.index("SL7.csv: 2 lines") < said.index("S7.DON: 0 lines")
    (cell, _) = run_json("explain", "plain-csv/sets", sample / "in", "-C", site, "--field", "L.QTY")
    assert (cell["file"], cell["line"], cell["ends"][0]["path"]) == (
        "SL7.csv",
        1,
        "containers[].packedItems[].packedQuantity.amount",
    )
    (sample / "in/S7.DON").unlink()
    assert "set-incomplete" in run("preview", "plain-csv/sets", "-C", site, code=1).stderr


@pytest.mark.parametrize("name", ["plain-fixed/orders", "plain-fixed/orders.yaml", "plain-fixed/orders/one-line"])
def test_samples_are_named_as_their_mapping_is(site, name):
    count = len(list((site / "samples/plain-fixed/orders").glob("*/in.*"))) if "one-line" not in name else 1
    said = run("test", name, "-C", site).stdout
    assert said.startswith(f"{count} sample{'s' if count > 1 else ''}: {count} same")


def test_a_folder_without_samples_says_where_they_stand(tmp_path):
    said = run("test", tmp_path, code=2).stderr
    assert "samples/newark/orders/one-line/in.json" in said


# --- what is seen ----------------------------------------------------------------------------------------------------


def test_every_sign_is_seen():
    assert visible("a b\tc\r\n\0\x7f\u00a0\u200b") == "a·b␉c␍␊␀␡⍽‹U+200B›"
    assert visible(b"\xff".decode("utf-8", "surrogateescape")) == "‹FF›"


def test_a_ruler_counts_in_tens():
    assert ruler(12) == ["        10", "----+----|--"]


@given(st.text(st.characters(codec="utf-8")))
def test_all_that_is_shown_can_be_printed(text):
    assert visible(text).isprintable()


@given(st.text(st.sampled_from("a \r\n\0é")))
def test_lines_put_together_are_the_text(text):
    cut = lines(text)
    assert "".join(cut) == text
    assert all(cut)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_a_difference_is_shown_whenever_there_is_one(one, other):
    assert bool(difference(one, other, "utf-8")) == (one != other)


def test_a_difference_in_a_very_long_file_is_found():
    long = b"line\n" * 5_000
    shown = difference(long, long.replace(b"line", b"LINE", 1), "utf-8")
    assert shown[0].strip() == "1 - line␊"
    assert len(shown) == 4


def test_beyond_forty_lines_it_says_that_there_are_more():
    shown = difference(b"a\n" * 100, b"b\n" * 100, "utf-8")
    assert shown[-1] == "and more"
    assert len(shown) < 50
