"""A site's own mapping starts from a preset that lies in the site: what `init` wrote, and a person's few lines over it."""

from tests.cli.command import run, run_json
from translator.config.read import read_site

OWN = "extends: plain-csv/orders.yaml\ndelimiter: ';'\nfields: {NAME: {max: 20}, GIFT_MESSAGE: {drop: true}}\n"


def begun(folder):
    """A site whose own warehouse stands beside the preset's, in the same words."""
    run("init", folder)
    (folder / "mappings/newark").mkdir()
    (folder / "mappings/newark/orders.yaml").write_text(OWN)
    (folder / "mappings/newark/ship.yaml").write_text("extends: plain-csv/ship.yaml\n")
    text = (folder / "translator.yaml").read_text()
    (folder / "translator.yaml").write_text(
        text[: text.index("\nwms:")]
        + "\nwms:\n  newark:\n    warehouses: {EWR1: America/New_York}\n    place: {folder: wms/newark}\n"
        + "    to: {in/orders: orders.yaml}\n    from: {out/ship: ship.yaml}\n"
    )
    return folder


def test_a_site_is_right_with_a_mapping_over_a_preset(tmp_path):
    site = read_site(begun(tmp_path))
    made = site.translations["newark/orders.yaml"].file
    assert made.options["delimiter"] == ";"
    assert "GIFT_MESSAGE" not in [one.name for one in made.records[0].fields]


def test_an_edit_of_the_base_is_an_edit_of_the_site(tmp_path):
    begun(tmp_path)
    before = read_site(tmp_path)
    base = tmp_path / "mappings/plain-csv/orders.yaml"
    base.write_text(base.read_text().replace("max: 500", "max: 400"))
    after = read_site(tmp_path)
    assert "mappings/plain-csv/orders.yaml" in before.files
    assert before.hash != after.hash
    assert before.translations["newark/orders.yaml"].file.hash != after.translations["newark/orders.yaml"].file.hash
    assert before.translations["newark/ship.yaml"].file.hash == after.translations["newark/ship.yaml"].file.hash


def test_check_does_not_call_a_base_or_its_tables_unused(tmp_path):
    begun(tmp_path)
    found = run_json("check", "-C", tmp_path)["findings"]
    assert [one for one in found if one["code"] == "file-unused"] == []


def test_a_fault_in_the_base_is_told_in_the_base(tmp_path):
    begun(tmp_path)
    base = tmp_path / "mappings/plain-csv/orders.yaml"
    base.write_text(base.read_text().replace("max: 500", "mx: 500", 1))
    found = run_json("check", "-C", tmp_path, code=2)["findings"]
    assert {(one["mapping"]["file"], one["hint"]) for one in found} == {
        ("plain-csv/orders.yaml", "did you mean 'max'?")
    }


def test_the_same_mapping_is_found_from_the_command_line(tmp_path):
    begun(tmp_path)
    facts = run_json("show", "mapping", "newark/orders.yaml", "-C", tmp_path)
    assert facts["options"]["delimiter"] == ";"
