"""What is right alone and wrong beside another key of the site: told with its line, never chosen silently."""

import re
from pathlib import Path

import pytest

from translator.config.read import site_of
from translator.config.site import Complete
from translator.core.finding import Misconfigured, Severity
from translator.endpoints.options import Options
from translator.service.places import read_out_of

ROOT = Path(__file__).parents[2]
SITE = """\
amazon:
{accounts}
wms:
{systems}
"""
ACCOUNT = """\
  {name}:
    vendor: ACMEG
    client_id: amzn1.application-oa2-client.example
    client_secret: {{credential: lwa-secret}}
    refresh_token: {{credential: lwa-refresh}}"""
SYSTEM = """\
  {name}:
    account: {account}
    warehouses: {{{code}: America/New_York}}
    place: {{folder: wms/{place}}}
    to:
      {to}
    from:
      {from_}
{more}"""
ORDERS, SHIP, ACKS = "in/orders: [orders.yaml, cancels.yaml]", "out/ship: ship.yaml", "out/acks: acks.yaml"


def system(name="newark", account="us", code="EWR1", place="", to=ORDERS, from_=SHIP, more=""):
    place = place or name
    return SYSTEM.format(name=name, account=account, code=code, place=place, to=to, from_=from_, more=more)


def site(*systems, accounts=("us",), own=None):
    """Read a site of these systems; `own`: mappings by their names, else a preset's are taken."""
    text = SITE.format(accounts="\n".join(ACCOUNT.format(name=name) for name in accounts), systems="\n".join(systems))

    def fetch(name):
        if name == "translator.yaml":
            return text.encode()
        below = name.partition("/")[2].partition("/")[2]
        if own and below in own:
            return own[below].encode()
        below = {"picks.yaml": "orders.yaml"}.get(below, below)
        fits = [ROOT / "mappings" / preset / below for preset in ("plain-fixed", "plain-csv")]
        return next((path.read_bytes() for path in fits if path.is_file()), None)

    return site_of(Path("/srv/site"), fetch, {})


def told(*systems, **more):
    """Give what is found: code, line of translator.yaml, text and hint."""
    with pytest.raises(Misconfigured) as caught:
        site(*systems, **more)
    return [(one.code, one.rule.file, one.rule.line, f"{one.text} | {one.hint}") for one in caught.value.findings]


def line_of(systems, part):
    lines = SITE.format(accounts=ACCOUNT.format(name="us"), systems=systems).splitlines()
    return next(number for number, line in enumerate(lines, 1) if re.search(part, line))


@pytest.mark.parametrize(
    "from_, more, when",
    [
        (SHIP, "", "taken"),
        (SHIP, "    settled: sent\n", "delivered"),
        (ACKS, "", "file"),
        (ACKS, "    settled: sent\n", "file"),
        (ACKS, "    acknowledge: {silent: 3h}\n", "file"),
        (SHIP, "    acknowledge: {when: known}\n    settled: sent\n", "known"),
    ],
)
def test_the_policy_that_follows_where_none_is_said(from_, more, when):
    assert site(system(from_=from_, more=more)).systems["newark"].when == when


def test_files_that_are_done_when_sent_are_never_taken():
    wrong = system(more="    acknowledge: {when: taken}\n    settled: sent\n")
    ((code, file, line, text),) = told(wrong)
    assert (code, file, line) == ("site-acknowledge", "translator.yaml", line_of(wrong, "acknowledge:"))
    assert "when: delivered" in text


def test_an_acknowledgement_file_and_a_policy_beside_it_are_two_words_on_one_order():
    wrong = system(from_=ACKS, more="    acknowledge: {when: taken}\n")
    ((code, file, line, text),) = told(wrong)
    assert (code, file, line) == ("site-acknowledge", "translator.yaml", line_of(wrong, "acknowledge:"))
    assert "acks.yaml" in text


def test_a_folder_may_say_more_than_its_mappings():
    found = site(
        system(
            to="in/orders: {mappings: orders.yaml}", from_="out/ship: {mappings: [ship.yaml], complete: {quiet: 2m}}"
        )
    )
    assert found.systems["newark"].to["in/orders"].mappings == ("orders.yaml",)
    assert found.systems["newark"].from_["out/ship"].mappings == ("ship.yaml",)
    assert found.systems["newark"].from_["out/ship"].complete.quiet == 120


@pytest.mark.parametrize(
    "folder",
    ["{complete: {quiet: 2m}}", "{mappings: ship.yaml, quit: 2m}", "{mappings: ship.yaml, complete: {quiet: x}}"],
)
def test_a_folder_whose_words_are_not_right_is_told(folder):
    wrong = system(from_=f"out/ship: {folder}")
    ((code, file, line, _),) = told(wrong)
    assert (file, line) == ("translator.yaml", line_of(wrong, "out/ship"))
    assert code in ("yaml-missing", "yaml-unknown-key", "site-duration")


@pytest.mark.parametrize("again", ["/out/ship", "out/ship/"])
def test_a_folder_that_stands_twice_loses_none_of_its_mappings_in_silence(again):
    wrong = system(from_=f"out/ship: ship.yaml\n      {again}: acks.yaml")
    ((code, file, line, text),) = told(wrong)
    assert (code, file, line) == ("site-folder", "translator.yaml", line_of(wrong, "acks.yaml"))
    assert "stands twice under 'from'" in text


def complete(said):
    return system(from_=f"out/ship: {{mappings: ship.yaml, complete: {said}}}")


def test_a_folder_says_when_its_files_are_complete():
    said = complete('{done: "{stem}.ok", ends: "T*", unfinished: ["*.up", "*.x"]}')
    found = site(said).systems["newark"].from_["out/ship"].complete
    assert found == Complete(None, "{stem}.ok", "T*", ("*.up", "*.x"))


@pytest.mark.parametrize(
    "said, code",
    [
        ("{quite: 2m}", "yaml-unknown-key"),
        ("{done: S1.ok}", "done-file"),
        ('{done: "../{name}"}', "done-file"),
        ('{ends: "Ü*"}', "ends-ascii"),
    ],
)
def test_what_cannot_say_that_a_file_is_complete_is_told(said, code):
    wrong = complete(said)
    ((found, file, line, _),) = told(wrong)
    assert (found, file, line) == (code, "translator.yaml", line_of(wrong, "out/ship"))


@pytest.mark.parametrize(
    "said, dispose, quiet",
    [
        ("{}", "archive", 10),
        ("{quiet: 0s}", "archive", 0),
        ('{done: "{stem}.ok"}', "archive", 0),
        ('{done: "{stem}.ok"}', "leave", 10),  # the done-file of today would tell of the file of tomorrow
        ('{done: "{stem}.ok", quiet: 5s}', "archive", 5),
        ('{ends: "T*"}', "delete", 10),
    ],
)
def test_a_file_must_stand_unchanged_unless_its_done_file_says_all(said, dispose, quiet):
    made = site(system(from_=f"out/ship: {{mappings: ship.yaml, complete: {said}}}", more=f"    dispose: {dispose}\n"))
    newark = made.systems["newark"]
    assert read_out_of(Options(), newark, "out/ship").quiet == quiet


def test_a_folder_that_is_written_into_says_how_its_done_files_are_called():
    found = site(system(to='in/orders: {mappings: orders.yaml, done: "{stem}.ok"}'))
    assert found.systems["newark"].to["in/orders"].done == "{stem}.ok"


@pytest.mark.parametrize(
    "pattern", ["READY", "{name}", "{name}/ok", ".{name}", "{file}.ok", "{name}{stem}", "{name}.", "../{stem}"]
)
def test_a_done_file_that_could_not_be_called_so_is_told(pattern):
    wrong = system(to=f"in/orders: {{mappings: orders.yaml, done: '{pattern}'}}")
    ((code, file, line, _),) = told(wrong)
    assert (code, file, line) == ("done-file", "translator.yaml", line_of(wrong, "in/orders"))


def test_a_folder_says_who_may_read_and_write_its_files():
    said = 'in/orders: {mappings: orders.yaml, mode: "%s"}'
    assert site(system(to=said % "0660")).systems["newark"].to["in/orders"].mode == 0o660
    (note,) = site(system(to=said % "644")).notes
    assert (note.code, note.severity) == ("file-mode", Severity.WARNING)


@pytest.mark.parametrize("mode", ["0755", "4660", "0440", "660x", "rw"])
def test_a_mode_that_is_none_of_a_file_is_told(mode):
    ((code, *_),) = told(system(to=f'in/orders: {{mappings: orders.yaml, mode: "{mode}"}}'))
    assert code == "file-mode"


def test_a_done_file_is_as_short_as_the_folder_takes():
    said = 'in/orders: {mappings: orders.yaml, names: "8.3", done: "%s"}'
    assert site(system(to=said % "{stem}.ok")).systems["newark"].to["in/orders"].names == "8.3"
    ((code, *_),) = told(system(to=said % "{name}.ok"))
    assert code == "done-file"


@pytest.mark.parametrize("sort, quiet", [("", 10), ("nfs4", 30)])
def test_on_a_share_a_file_must_stand_longer(monkeypatch, sort, quiet):
    monkeypatch.setattr("translator.service.places.far", lambda path: sort)
    newark = site(system(from_="out/ship: ship.yaml")).systems["newark"]
    assert read_out_of(Options(), newark, "out/ship").quiet == quiet


def test_a_warehouse_system_has_no_name_of_an_account():
    wrong = system(name="us", to="orders: orders.yaml")
    ((code, file, line, _),) = told(wrong)
    assert (code, file) == ("site-name", "translator.yaml")
    assert line == line_of(wrong, "vendor: ACMEG") + 5  # its own name, not the account's


@pytest.mark.parametrize(
    "systems",
    [
        [system(from_="in/orders: ship.yaml")],  # what we wrote would be read back
        [system(), system("reno", code="RNO4", place="newark", to="in/picks: orders.yaml")],  # read by both
        [system(), system("reno", code="RNO4", place="newark", to="out/ship: orders.yaml", from_="out/x: ship.yaml")],
        [system(from_="./in/orders: ship.yaml")],
    ],
)
def test_a_folder_that_is_read_is_nobody_elses(systems):
    ((code, file, line, text),) = told(*systems)
    assert (code, file) == ("site-folder", "translator.yaml")
    assert line
    assert "newark" in text or "reno" in text


def test_two_systems_may_write_into_one_folder():
    assert site(system(), system("reno", code="RNO4", place="newark", from_="out/reno: ship.yaml")).routes


@pytest.mark.parametrize("to", ["in/orders: [orders.yaml, picks.yaml]", "in/a: orders.yaml\n      in/b: picks.yaml"])
def test_of_two_mappings_that_write_one_kind_none_is_chosen(to):
    wrong = system(to=to)
    ((code, file, line, text),) = told(wrong)
    assert (code, file, line) == ("site-writers", "translator.yaml", line_of(wrong, "picks"))
    assert "orders.yaml in in/" in text


def test_a_warehouse_belongs_to_one_system_of_its_account():
    first, second = system(), system("reno")
    ((code, file, line, _),) = told(first, second)
    assert (code, file) == ("site-warehouse", "translator.yaml")
    assert line == line_of(first, "warehouses:") + len((first + "\n").splitlines())


def test_two_accounts_may_have_warehouses_of_one_code():
    systems = [
        system("ws-us", more="    acknowledge: {when: known}\n"),
        system("ws-ca", account="ca", more="    acknowledge: {when: delivered}\n"),
    ]
    made = site(*systems, accounts=("us", "ca"))
    assert made.system_of("us", "EWR1").name == "ws-us"
    assert made.system_of("ca", "EWR1").name == "ws-ca"
    assert made.system_of("uk", "EWR1") is None
