"""Who we are to a server, and how we get there: keys, passwords and questions, a jump host, old algorithms, channels."""

import getpass
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import MappingProxyType

import paramiko
import pytest

from tests.endpoints.ssh_server import PASSWORD, TEXT, Door, ssh
from tests.endpoints.transport import Clock, first, reason
from translator.core.finding import Unavailable
from translator.core.private import Private
from translator.endpoints.sftp import Server
from translator.endpoints.sftp.transport import Sha1Rsa, Transport
from translator.endpoints.sftp_folder import SftpFolder

OTHER = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
def serve():
    made = []

    def start(door=Door, **how):
        made.append(ssh(door, subsystem=lambda sftp: (sftp.greet(), sftp.hear()), **how))
        return made[-1]

    yield start
    for raw in made:
        raw.stop()


def used(settings):
    """Log in and open a channel; give the sort of what went wrong, or what was agreed on."""
    server = Server(settings)
    try:
        with server.session():
            return server.transport.agreed()
    except Unavailable as error:
        return error.sort or error.reason
    finally:
        server.close()


def why(settings):
    def go():
        with Server(settings).session():
            pass

    return reason(go)


# --- keys ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def keyed(sshd, tmp_path):
    """Make a key of ours that the server knows, and give the settings that show it."""

    def make(*how, phrase="", **other):
        path = tmp_path / "ours"
        subprocess.run(["ssh-keygen", "-q", "-N", phrase, "-C", "", "-f", path, *how], check=True)
        with (sshd.home / "authorized_keys").open("a") as known:
            known.write((tmp_path / "ours.pub").read_text())
        return replace(sshd.settings, key=Private(path.read_text()), **other)

    return make


@pytest.mark.parametrize("curve", ["256", "384", "521"])
def test_an_ecdsa_key_of_every_curve_logs_in(keyed, curve):
    assert used(keyed("-t", "ecdsa", "-b", curve))["key"] == "ssh-ed25519"


@pytest.mark.parametrize("form", ["PEM", "PKCS8", "RFC4716"])
def test_a_key_with_a_passphrase_logs_in_in_every_form_that_ssh_keygen_writes(keyed, form):
    settings = keyed("-t", "rsa", "-b", "2048", "-m", form, phrase="open sesame", passphrase=Private("open sesame"))
    assert "key" in used(settings)


@pytest.mark.parametrize("sort", ["ed25519", "ecdsa", "rsa"])
def test_a_host_key_of_every_type_is_judged(sshd, sort):
    settings = replace(sshd.settings, host_key=sshd.known_host(sort))
    agreed = {"ed25519": "ssh-ed25519", "ecdsa": "ecdsa-sha2-nistp256", "rsa": "rsa-sha2-512"}[sort]
    assert used(settings)["key"] == agreed
    assert (
        used(replace(settings, host_key=sshd.known_host("ed25519" if sort == "rsa" else "rsa"), port=sshd.port)) != ""
    )


# --- passwords and questions --------------------------------------------------------------------------------------------


def test_a_password_logs_in(serve):
    assert "key" in used(serve().settings())


def test_a_wrong_password_is_a_refused_login_and_is_tried_once(serve):
    raw = serve()
    assert used(raw.settings(password=Private("wrong"))) == "login"
    assert [door.heard for door in raw.doors] == [["wrong"]]


def interactive(*rounds):
    return lambda: Door(wants=["keyboard-interactive"], prompts=[list(one) for one in rounds])


def test_one_hidden_question_is_answered_with_the_password(serve):
    raw = serve(interactive([("Password: ", False)]))
    assert "key" in used(raw.settings())
    assert raw.doors[0].heard == [PASSWORD]


def test_a_round_without_questions_is_answered_with_nothing(serve):
    raw = serve(interactive([], [("Password: ", False)], []))
    assert "key" in used(raw.settings())
    assert raw.doors[0].heard == [PASSWORD]


@pytest.mark.parametrize(
    "rounds",
    [
        [[("Password: ", False), ("Token: ", False)]],
        [[("Password: ", True)]],
        [[("Password: ", False)], [("Once more: ", False)]],
    ],
    ids=["two at once", "shown", "again"],
)
def test_a_server_that_asks_for_more_than_a_hidden_password_gets_no_more(serve, rounds):
    raw = serve(interactive(*rounds))
    assert used(raw.settings()) == "login"
    assert raw.doors[0].heard == ([PASSWORD] if len(rounds) > 1 else [])
    assert "asks for more than the password" in why(raw.settings())


@pytest.mark.parametrize("second", ["password", "keyboard-interactive"])
def test_a_server_may_want_the_key_and_then_the_password(serve, second):
    raw = serve(lambda: Door(wants=["publickey", second], prompts=[[("Password: ", False)]]))
    assert "key" in used(raw.settings(key=Private(TEXT)))
    assert used(raw.settings()) == "login"
    assert used(raw.settings(key=Private(TEXT), password=None)) == "login"
    assert "more than we have" in why(raw.settings(key=Private(TEXT), password=None))


def test_a_server_that_takes_a_password_only_is_shown_it_after_the_key(serve):
    assert "key" in used(serve().settings(key=Private(TEXT)))


class Cutting(Door):
    """Hangs up while it is told the password; `politely`: it says good-bye."""

    politely = False

    def check_auth_password(self, username, password):
        transport = threading.current_thread()
        if self.politely:
            bye = paramiko.Message()
            bye.add_byte(b"\x01")
            bye.add_int(2)
            bye.add_string("too many tries")
            bye.add_string("")
            transport._send_message(bye)
        transport.close()
        return super().check_auth_password(username, password)


class Polite(Cutting):
    politely = True


def test_a_link_that_breaks_at_the_login_is_no_refusal_and_a_good_bye_is_one(serve):
    assert used(serve(Cutting).settings()) == "away"
    assert used(serve(Polite).settings()) == "login"


def test_no_secret_is_shown_to_a_server_whose_key_is_not_pinned(serve):
    raw = serve(interactive([("Password: ", False)]))
    assert used(raw.settings(host_key=OTHER, key=Private(TEXT))) == "host-key"
    assert [door.heard for door in raw.doors] == [[]]


def test_a_host_key_that_changes_under_way_breaks_the_connection(serve):
    raw = serve()
    server = Server(raw.settings())
    with server.session():
        server.transport.pins = frozenset([OTHER])  # as if the server's key were another one now
        with pytest.raises(paramiko.SSHException):
            server.transport.renegotiate_keys()
    with pytest.raises(Unavailable), server.session() as session:
        session.entries("/")
    server.close()


# --- the way there ------------------------------------------------------------------------------------------------------


def behind(sshd, **other):
    return replace(sshd.settings, jump=replace(sshd.settings, **other))


def test_files_go_through_a_jump_host(sshd, other_sshd, tmp_path):
    (tmp_path / "wms").mkdir()
    server = Server(replace(other_sshd().settings, jump=sshd.settings))
    SftpFolder(server, str(tmp_path / "wms"), Clock()).put(first(), lambda _: None)
    assert [path.name for path in (tmp_path / "wms").glob("[!.]*")] == ["ORD-1.csv"]
    server.close()


def test_a_jump_host_with_another_key_is_refused_and_so_is_a_server_behind_one(sshd):
    assert used(behind(sshd, host_key=OTHER)) == "host-key"
    assert used(replace(behind(sshd), host_key=OTHER)) == "host-key"


def test_a_jump_host_that_refuses_us_or_does_not_reach_the_server_says_which_it_was(sshd, other_sshd):
    assert f"@127.0.0.1:{sshd.port}" in why(replace(behind(sshd), port=1))
    closed = other_sshd("AllowTcpForwarding no")
    said = why(replace(sshd.settings, jump=closed.settings))
    assert f"through sftp://{getpass.getuser()}@127.0.0.1:{closed.port}" in said
    assert used(behind(sshd, key=Private(TEXT))) == "login"


def test_hanging_up_hangs_up_on_the_jump_host_as_well(sshd):
    def links():
        return [one for one in threading.enumerate() if isinstance(one, Transport)]

    server = Server(behind(sshd))
    with server.session():
        assert len(links()) >= 2
    server.close()
    for one in links():
        one.join(60)
    assert links() == []


def test_a_name_is_looked_up_for_each_connection_and_each_of_its_addresses_is_tried(sshd, monkeypatch):
    found, asked = socket.getaddrinfo, []

    def lookup(host, port, **other):
        asked.append(host)
        dead = found("127.0.0.1", 1, **other)
        return dead + (found("127.0.0.1", port, **other) if len(asked) > 1 else [])

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    server = Server(replace(sshd.settings, host="files.example"))
    with pytest.raises(Unavailable, match="refused"), server.session():
        pass
    with server.session():
        assert asked == ["files.example"] * 2
    server.close()


def test_a_server_is_reached_over_ipv6(other_sshd):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    settings = replace(other_sshd("ListenAddress ::1").settings, host="::1")
    assert "key" in used(settings)


# --- old servers --------------------------------------------------------------------------------------------------------

OLD = [
    ("KexAlgorithms", "diffie-hellman-group14-sha1", "kex"),
    ("KexAlgorithms", "diffie-hellman-group-exchange-sha1", "kex"),
    ("HostKeyAlgorithms", "ssh-rsa", "key"),
    ("Ciphers", "aes128-cbc", "cipher"),
    ("Ciphers", "aes256-cbc", "cipher"),
    ("Ciphers", "3des-cbc", "cipher"),
    ("MACs", "hmac-sha1", "mac"),
    ("MACs", "hmac-sha1-96", "mac"),
    ("MACs", "hmac-md5", "mac"),
]


@pytest.mark.parametrize("option, name, part", OLD, ids=[name for _, name, _ in OLD])
def test_input_66_an_old_algorithm_is_used_only_with_a_server_that_is_allowed_it(other_sshd, option, name, part):
    ciphers = ["Ciphers aes128-ctr"] if part == "mac" else []  # others bring a checksum of their own
    sshd = other_sshd(f"{option} {name}", *ciphers)
    settings = replace(sshd.settings, host_key=sshd.fingerprint("rsa" if part == "key" else "ed25519"))
    assert f"old: [{name}]" in why(settings)
    assert used(replace(settings, old=(name,)))[part] == name
    assert used(replace(settings, old=("diffie-hellman-group14-sha1",))) != {} or part == "kex"


def test_a_server_with_a_choice_is_not_brought_down_by_what_it_is_allowed(sshd):
    agreed = used(replace(sshd.settings, old=("ssh-rsa", "3des-cbc", "hmac-md5", "diffie-hellman-group14-sha1")))
    assert not {"ssh-rsa", "3des-cbc", "hmac-md5", "diffie-hellman-group14-sha1"} & set(agreed.values())


def test_input_66_a_server_of_dsa_keys_only_is_refused(other_sshd, tmp_path):
    made = subprocess.run(["ssh-keygen", "-q", "-t", "dsa", "-N", "", "-f", tmp_path / "dsa"], check=False)
    if made.returncode:
        pytest.skip("this OpenSSH knows no DSA keys")
    sshd = other_sshd(f"HostKey {tmp_path}/dsa", "HostKeyAlgorithms ssh-dss")
    assert "no host key is agreed on (none of its own is known here)" in why(sshd.settings)


class Before2016(paramiko.Transport):
    """A server that has never heard of RSA with SHA-2."""

    _key_info = MappingProxyType({"ssh-rsa": Sha1Rsa, "ssh-ed25519": paramiko.Ed25519Key})
    _preferred_pubkeys = ("ssh-rsa",)


def test_our_rsa_key_signs_with_sha_1_only_where_that_is_allowed(serve, sshd):
    key = Private((sshd.home / "user_rsa").read_text())
    old = serve(lambda: Door(wants=["publickey"]), make=Before2016, server_sig_algs=False)
    settings = old.settings(key=key, password=None)
    assert used(settings) == "login"
    assert "key" in used(replace(settings, old=("ssh-rsa",)))
    assert "key" in used(sshd.with_key("rsa"))
    assert "key" in used(sshd.with_key("rsa", old=("ssh-rsa",)))


# --- channels -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sessions", [1, 2])
def test_a_server_that_opens_fewer_channels_is_asked_for_no_more(other_sshd, tmp_path, sessions):
    server = Server(replace(other_sshd(f"MaxSessions {sessions}").settings, channels=4))
    meet = threading.Barrier(4)

    def go(number):
        meet.wait()
        for _ in range(10):
            with server.session() as session:
                session.entries(str(tmp_path))
        return number

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(go, range(4))) == [0, 1, 2, 3]
    assert server.most == sessions
    server.close()


def test_a_server_that_opened_no_further_channel_for_a_moment_is_asked_for_more_over_the_next_connection(serve):
    raw = serve(lambda: Door(channels=8 if raw.doors else 1))
    server = Server(raw.settings(channels=2))
    with server.session():
        assert "all 1 channels are busy" in reason(server.session(wait=0.1).__enter__)
    server.close()
    with server.session(), server.session():
        assert server.most == 2
    server.close()


def test_a_new_connection_opens_no_more_channels_than_a_site_allows(serve):
    server = Server(serve(Door).settings(channels=4))
    server.at_most(2)
    with server.session():
        assert server.most == 2
    server.close()


def test_a_server_that_opens_no_channel_at_all_is_unavailable(serve):
    assert "opens no channel" in used(serve(lambda: Door(channels=0)).settings())


def test_a_server_that_hangs_up_at_a_further_channel_is_asked_for_no_more_after_the_second_time(serve):
    class Rude(Door):
        def check_channel_request(self, kind, chanid):
            if self.channels == 0:
                threading.current_thread().close()
            return super().check_channel_request(kind, chanid)

    server = Server(serve(lambda: Rude(channels=1)).settings(channels=2))

    def both():
        with server.session(), server.session():
            pass

    assert "no SFTP channel" in reason(both)
    assert server.most == 2
    assert "no SFTP channel" in reason(both)
    assert server.most == 1
    with server.session():
        pass
    server.close()
