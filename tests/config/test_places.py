"""What a site may say of an SFTP server, and what of it is refused or is a risk."""

import base64
import hashlib
import hmac

import pytest

from tests.config.test_agreement import site, system
from translator.core.finding import Misconfigured, Severity
from translator.endpoints.host_keys import pinned
from translator.endpoints.options import Options
from translator.service.places import lanes_of, read_out_of
from translator.service.servers import Servers, settings_of

PIN = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
LOGIN = "sftp: files.example, user: acme, password: {env: TRANSLATOR_TEST_PASSWORD}"


def over_sftp(place, name="newark", code="EWR1"):
    text = system(name=name, code=code)
    assert f"{{folder: wms/{name}}}" in text
    return text.replace(f"{{folder: wms/{name}}}", f"{{{place}}}")


def place_of(words, **more):
    return site(over_sftp(f"{LOGIN}, {words}"), **more).systems["newark"].place


def wrong(words):
    with pytest.raises(Misconfigured) as caught:
        place_of(words)
    return [(one.code, one.text) for one in caught.value.findings if one.severity is Severity.ERROR]


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("TRANSLATOR_TEST_PASSWORD", "hunter2")


# --- the words of a place -----------------------------------------------------------------------------------------------


def test_a_server_is_pinned_by_its_fingerprint_or_by_two_while_it_changes():
    other = PIN.replace("47DE", "48DE")
    assert settings_of(place_of(f'host_key: "{PIN}"')).host_key == PIN
    assert settings_of(place_of(f'host_key: ["{PIN}", "{other}"]')).host_key == f"{PIN}\n{other}"


@pytest.mark.parametrize(
    "words",
    [
        "port: 22",
        "host_key: hello",
        "host_key: ssh-ed25519 Schlüssel",
        "host_key: SHA256:Schlüssel",
        'host_key: "SHA256:short"',
        "host_key: []",
    ],
)
def test_a_server_whose_key_is_not_pinned_is_no_place(words):
    assert [code for code, _ in wrong(words)] == ["host-key"]


def test_a_key_is_pinned_here_or_in_a_file_not_in_both():
    assert "both" in wrong(f'host_key: "{PIN}", known_hosts: known_hosts')[0][1]


def test_an_old_algorithm_is_allowed_to_one_server_and_said_to_be_a_risk():
    made = site(over_sftp(f'{LOGIN}, host_key: "{PIN}", old: [ssh-rsa, hmac-sha1]'))
    assert settings_of(made.systems["newark"].place).old == ("ssh-rsa", "hmac-sha1")
    notes = [note for note in made.notes if note.code == "sftp-old"]
    assert ["ssh-rsa" in notes[0].text, "hmac-sha1" in notes[1].text] == [True, True]
    assert {note.severity for note in notes} == {Severity.WARNING}
    assert all("risk" in note.text and note.rule.line for note in notes)


@pytest.mark.parametrize("word", ["ssh-dss", "none", "diffie-hellman-group1-sha1", "aes128-ctr"])
def test_what_is_no_old_algorithm_cannot_be_allowed(word):
    assert [code for code, _ in wrong(f'host_key: "{PIN}", old: [{word}]')] == ["sftp-old"]


def test_a_passphrase_belongs_to_a_key():
    assert [code for code, _ in wrong(f'host_key: "{PIN}", passphrase: {{env: X}}')] == ["site-login"]


def test_a_jump_host_is_pinned_as_well():
    jump = "jump: {host: gate.example, user: us, password: {env: TRANSLATOR_TEST_PASSWORD}%s}"
    words = f'host_key: "{PIN}", ' + jump
    assert [code for code, _ in wrong(words % "")] == ["host-key"]
    made = settings_of(place_of(words % f', host_key: "{PIN}", port: 2222'))
    assert (made.jump.host, made.jump.port, made.jump.host_key) == ("gate.example", 2222, PIN)


def test_a_jump_host_has_the_words_of_a_server_and_no_others():
    jump = f'jump: {{host: gate.example, user: us, key: {{env: X}}, host_key: "{PIN}", calls: 3}}'
    assert [code for code, _ in wrong(f'host_key: "{PIN}", {jump}')] == ["yaml-unknown-key"]


def test_over_sftp_a_file_must_stand_longer_than_on_a_disk_of_this_machine():
    newark = site(over_sftp(f'{LOGIN}, host_key: "{PIN}"')).systems["newark"]
    assert read_out_of(Options(), newark, "out/ship").quiet == 30


def test_two_systems_of_one_server_and_login_share_its_connection_and_its_smallest_number_of_channels():
    words = f'{LOGIN}, host_key: "{PIN}"'
    made = site(
        over_sftp(f"{words}, root: a"),
        over_sftp(f"{words}, root: b, calls: 1", name="reno", code="RNO4"),
        over_sftp(f"{words.replace('acme', 'other')}", name="third", code="RNO5"),
    )
    servers = Servers()
    newark, reno, third = (servers.of(made.systems[name].place) for name in ("newark", "reno", "third"))
    assert newark is reno
    assert third is not newark
    assert (newark.most, third.most) == (1, 4)


def test_of_all_calls_at_once_a_service_does_as_many_as_its_connection_carries():
    few, many, said = (
        site(over_sftp(f'{LOGIN}, host_key: "{PIN}"{words}')) for words in ("", ", calls: 32", ", calls: 6, each: 2")
    )
    limits = [lanes_of(made)[-2] for made in (few, many, said)]
    assert [(one.name, one.calls, one.each) for one in limits] == [
        ("newark/place", 4, 4),
        ("newark/place", 32, 8),
        ("newark/place", 6, 2),
    ]
    assert [settings_of(made.systems["newark"].place).channels for made in (few, many, said)] == [4, 8, 2]


def test_an_address_of_ipv6_is_shown_in_brackets():
    made = site(over_sftp(f'{LOGIN.replace("files.example", "fd00::1")}, host_key: "{PIN}"')).systems["newark"].place
    assert str(made) == str(settings_of(made)) == "sftp://acme@[fd00::1]:22"


# --- known_hosts --------------------------------------------------------------------------------------------------------

KEYS = {name: base64.b64encode(name.encode() * 9).decode() for name in ("a", "b", "c")}


def line(name, hosts="files.example", mark=""):
    return f"{mark} {hosts} ssh-ed25519 {KEYS[name]} a comment".strip()


def pins(*lines, port=22):
    try:
        found = pinned("\n".join(lines), "files.example", port)
    except Misconfigured as error:
        return error.findings[0].text
    digests = {fingerprint(key): name for name, key in KEYS.items()}
    return [digests[key.fingerprint] for key in found]


def fingerprint(key):
    digest = hashlib.sha256(base64.b64decode(key)).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def hashed(host):
    salt = b"salt" * 5
    parts = (base64.b64encode(part).decode() for part in (salt, hmac.digest(salt, host.encode(), "sha1")))
    return "|1|" + "|".join(parts)


@pytest.mark.parametrize(
    "hosts, port",
    [
        ("files.example", 22),
        ("FILES.example", 22),
        ("other.example,files.example", 22),
        ("*.example", 22),
        ("file?.example", 22),
        ("[files.example]:22", 22),
        ("[files.example]:2222", 2222),
        (hashed("files.example"), 22),
        (hashed("[files.example]:2222"), 2222),
    ],
)
def test_a_line_of_known_hosts_is_about_the_host_and_port_it_names(hosts, port):
    assert pins(line("a", "else.example"), line("b", hosts), port=port) == ["b"]


@pytest.mark.parametrize(
    "hosts, port",
    [
        ("files.example", 2222),
        ("[files.example]:2222", 22),
        ("*.example,!files.example", 22),
        (hashed("files.example"), 2222),
        (hashed("else.example"), 22),
        ("|1|broken", 22),
        ("files.example.evil", 22),
    ],
)
def test_a_line_about_another_host_or_port_pins_nothing_here(hosts, port):
    assert pins(line("a", hosts), port=port) == "no host key is pinned"


def test_a_revoked_key_is_never_taken_wherever_else_it_is_pinned():
    revoked = line("a", mark="@revoked", hosts="*")
    assert pins(line("a"), line("b"), revoked) == ["b"]
    assert pins(revoked, line("a")) == "the pinned host key is revoked"
    assert pins(revoked, fingerprint(KEYS["a"])) == "the pinned host key is revoked"


def test_a_certificate_authority_pins_nothing_and_that_is_said():
    authority = line("a", mark="@cert-authority", hosts="*.example")
    assert "certificates are not judged" in pins(authority)
    assert pins(authority, line("b")) == ["b"]


def test_keys_of_types_that_nobody_uses_are_passed_over_beside_others():
    assert pins(f"files.example ssh-dss {KEYS['a']}", line("b"), "# a comment", "") == ["b"]


def test_a_whole_file_of_known_hosts_may_pin_and_one_that_is_missing_is_a_misconfiguration(tmp_path):
    made = place_of("known_hosts: hosts")
    (tmp_path / "hosts").write_text(line("b"))
    assert made.server.known_hosts.name == "hosts"
    with pytest.raises(Misconfigured, match="no file hosts"):
        settings_of(made)
