"""check: all that is wrong, with places and suggestions, and the exit code that says whose fault it is."""

import pytest

from tests.cli.command import run, run_json


@pytest.fixture
def site(tmp_path):
    run("init", tmp_path / "site")
    return tmp_path / "site"


def edit(site, name, before, after):
    path = site / name
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def test_all_faults_are_told_at_once_each_with_its_place(site):
    edit(site, "translator.yaml", "region: na", "region: us")
    edit(site, "translator.yaml", "America/New_York", "America/New_Yorc")
    edit(site, "mappings/plain-csv/orders.yaml", "lookup: ship_methods", "lookup: ship_method")
    found = run_json("check", "-C", site, code=2)
    places = {finding["mapping"]["file"] for finding in found["findings"]}
    assert not found["ok"]
    assert len(found["findings"]) >= 3
    assert places >= {"translator.yaml", "plain-csv/orders.yaml"}
    assert all(finding["mapping"]["line"] for finding in found["findings"])


def test_a_mistyped_key_gets_a_suggestion(site):
    edit(site, "translator.yaml", "acknowledge:", "acknowlege:")
    said = run("check", "-C", site, code=2)
    assert "did you mean 'acknowledge'?" in said.stderr
    assert said.stdout == ""


def test_a_mistyped_path_of_a_field_is_found(site):
    edit(site, "mappings/plain-csv/orders.yaml", "order.purchaseOrderNumber", "order.purchaseOrderNumer")
    said = run("check", "-C", site, code=2)
    assert "plain-csv/orders.yaml:" in said.stderr


def test_a_file_that_is_written_without_a_name_is_refused_before_the_first_order(site):
    edit(site, "mappings/plain-csv/orders.yaml", 'file: "ORD-{{ order.purchaseOrderNumber }}.csv"\n', "")
    said = run("check", "-C", site, code=2)
    assert "plain-csv/orders.yaml: error mapping-unnamed: it does not say how its files are named" in said.stderr


@pytest.mark.parametrize(
    "before, after, code, line",
    [
        ("[orders.yaml, cancels.yaml]", "[order.yaml, cancels.yaml]", "mapping-missing", "[order.yaml"),
        ("[orders.yaml, cancels.yaml]", "[orders.yaml, ship.yaml]", "site-direction", "ship.yaml]"),
        ("out/ship: [ship.yaml]", "out/ship: [orders.yaml]", "site-direction", "[orders.yaml]"),
    ],
)
def test_a_mapping_listed_wrongly_is_told_once_where_it_is_listed(site, before, after, code, line):
    edit(site, "translator.yaml", before, after)
    (found,) = run_json("check", "-C", site, code=2)["findings"]
    text = (site / "translator.yaml").read_text().splitlines()[found["mapping"]["line"] - 1]
    assert (found["code"], text[found["mapping"]["column"] - 1 :].startswith(line.strip("[]"))) == (code, True)


def test_a_fault_of_a_table_that_several_mappings_ask_is_told_once(site):
    (site / "mappings/plain-csv/tables/ship_methods.csv").write_text("amazon;wms\nA;B\nC;D\n")
    assert [one["code"] for one in run_json("check", "-C", site, code=2)["findings"]] == ["table-header"]


def test_a_secret_in_the_open_is_refused_and_never_repeated(site):
    edit(site, "translator.yaml", "{credential: lwa-secret}", "amzn1.oa2-cs.v1.0123456789")
    said = run("check", "-C", site, code=2)
    assert "secret-reference" in said.stderr
    assert "0123456789" not in said.stderr + said.stdout


def test_a_folder_without_a_site_says_what_to_do(tmp_path):
    said = run("check", "-C", tmp_path, code=2)
    assert "translator init" in said.stderr


def test_what_init_left_to_change_is_told_until_it_is_changed(tmp_path):
    run("init", tmp_path / "site", "--preset", "x12")
    found = run_json("check", "-C", tmp_path / "site")["findings"]
    left = [one for one in found if one["code"] == "left-to-change"]
    assert [one["text"].split("'")[1] for one in left] == ["client_id", "edi_id", "wms_id", "usage"]
    assert all(one["mapping"]["line"] for one in left)


def test_with_its_secrets_and_an_id_there_is_no_warning(site):
    edit(site, "translator.yaml", "client.CHANGE", "client.0a1b2c")
    for name in ("lwa-secret", "lwa-refresh"):
        (site / "credentials" / name).write_text("made up")
    assert run_json("check", "-C", site)["findings"] == []


def test_a_table_and_a_mapping_that_nobody_uses_are_told(site):
    (site / "mappings/plain-csv/tables/carrier.csv").write_text("a,b\n1,2\n")
    (site / "mappings/plain-csv/old.yaml").write_text("")
    said = run("check", "-C", site)
    assert "nobody uses plain-csv/tables/carrier.csv" in said.stderr
    assert "nobody uses plain-csv/old.yaml" in said.stderr
    assert said.stderr.count("file-unused") == 2


def test_what_is_named_in_a_comment_is_put_off_and_not_forgotten(site):
    assert "file-unused" not in run("check", "-C", site).stderr
    path = site / "translator.yaml"
    path.write_text("\n".join(line for line in path.read_text().splitlines() if "status.yaml" not in line))
    said = run("check", "-C", site).stderr
    assert "nobody uses plain-csv/status.yaml" in said
    assert "nobody uses plain-csv/tables/scan_codes.csv" in said


def test_what_can_hardly_be_meant_is_a_warning_and_wrong_where_one_is_strict(site):
    edit(site, "mappings/plain-csv/orders.yaml", "{maybe: to.postalCode, max: 20}", "{from: to.postalCode, max: 20}")
    assert "path-optional" in run("check", "-C", site).stderr
    assert "path-optional" in run("check", "-C", site, "--strict", code=2).stderr


def test_a_server_whose_file_of_known_hosts_is_missing_and_one_that_is_allowed_old_algorithms_are_warned_of(site):
    place = "{sftp: files.example, user: us, password: {env: NEVER_SET}, known_hosts: hosts, old: ssh-rsa}"
    edit(site, "translator.yaml", next(line for line in text(site) if "place:" in line), f"    place: {place}")
    found = run_json("check", "-C", site)
    assert {"sftp-host-key", "sftp-old", "secret-missing"} <= {finding["code"] for finding in found["findings"]}
    assert all(finding["mapping"]["line"] for finding in found["findings"])
    notes = [finding["code"] for finding in found["findings"] if finding["severity"] != "warning"]
    assert notes == ["read-files-stay"]  # of what was read and stays on that server


def text(site):
    return (site / "translator.yaml").read_text().splitlines()


def unreadable(path):
    """Make a file one that nobody can read, root neither."""
    path.unlink()
    path.symlink_to(path.name)


def test_a_file_of_the_site_that_cannot_be_read_is_named(tmp_path):
    site = tmp_path / "site"
    run("init", site)
    mapping, table = site / "mappings/plain-csv/orders.yaml", site / "mappings/plain-csv/tables/ship_methods.csv"
    for path in (mapping, table):
        unreadable(path)
    for words in (("check",), ("run", "--once")):
        said = run_json(*words, "-C", site, code=2)["findings"]
        assert {str(mapping), str(table)} <= {
            one["mapping"]["file"] for one in said if one["code"] == "file-unreadable"
        }
    unreadable(site / "translator.yaml")
    for words in (("check",), ("show", "held"), ("hold", "D1"), ("doctor",), ("run", "--once")):
        (said,) = run_json(*words, "-C", site, code=2)["findings"]
        assert (said["code"], said["mapping"]["file"]) == ("file-unreadable", str(site / "translator.yaml"))
