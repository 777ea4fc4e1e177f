"""One exchange over a real socket: deadlines, bombs, certificates, what is sent and how often."""

import contextlib
import gzip
import json
import resource
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.endpoints.spapi_clock import Clock
from tests.endpoints.spapi_scripted import ORDERS, PATH, QUICK, account, drip, leaked, reply, told
from translator.core.finding import Misconfigured, Unavailable, Unknown
from translator.endpoints.spapi import hosts
from translator.endpoints.spapi.hosts import user_agent
from translator.endpoints.spapi.network import trusting

ID = {"transactionId": "1-2-3"}


@pytest.fixture
def amazon(server):
    opened = account(server.url, Clock())
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 202 Accepted\r\n", b"HTTP/1.1 202 Accepted\r\nContent-Length: 999\r\n\r\n"]
)
def test_a_slow_drip_meets_the_deadline_in_headers_and_in_the_body(server, start):
    """Without a deadline it would last five minutes, and be followed by an answer."""
    server.steps = [drip(start + b"a: b\r\n" * 999, pause=0.05)]
    amazon = account(server.url, Clock(), QUICK)
    with pytest.raises(Unknown, match="no answer in time"):
        amazon.submit(PATH, b"{}")
    amazon.close()


def test_a_bomb_is_unpacked_to_the_limit_only(server, amazon):
    server.steps = [reply(200, gzip.compress(b" " * 400_000_000, 9), Content_Encoding="gzip")]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Unavailable, match="larger than"):
        amazon.ask(ORDERS)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kB


def test_a_body_without_end_is_cut_at_the_limit(server, amazon):
    def flood(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        with contextlib.suppress(OSError):
            while True:
                connection.sendall(b" " * 65_536)
        return False

    server.steps = [flood]
    with pytest.raises(Unavailable, match="larger than"):
        amazon.ask(ORDERS)


def test_a_get_has_neither_body_nor_length_and_a_post_has_its_length(server, amazon):
    server.steps = [reply(200, {}), reply(202, ID)]
    amazon.ask(ORDERS)
    amazon.submit(PATH, b'{"a": 1}')
    get, post = (asked for asked in server.asked if asked.path.startswith("/vendor"))
    assert not {"content-length", "transfer-encoding", "content-type"} & get.headers.keys()
    assert post.headers["content-length"] == "8"


def test_every_request_says_who_asks(server, amazon):
    server.steps = [reply(200, {})]
    amazon.ask(ORDERS)
    assert {asked.headers["user-agent"] for asked in server.asked} == {user_agent()}
    assert user_agent().startswith("translator/0.1")
    assert "Language=Python/3" in user_agent()
    assert len(user_agent()) <= 500


def test_the_connection_is_kept(server, amazon):
    server.steps = [reply(200, {})] * 5
    for _ in range(5):
        amazon.ask(ORDERS)
    assert server.connections == 1


def test_a_kept_connection_that_the_server_closed_is_not_used(server, amazon):
    def answered_and_closed(connection):
        connection.sendall(reply(200, {}))
        return False

    server.steps = [answered_and_closed, reply(202, ID)]
    amazon.ask(ORDERS)
    assert server.closed.acquire(timeout=60)
    assert amazon.submit(PATH, b"{}") == ID["transactionId"]


def test_cookies_are_not_kept(server, amazon):
    server.steps = [reply(200, {}, Set_Cookie="who=you; Path=/")] * 2
    amazon.ask(ORDERS)
    amazon.ask(ORDERS)
    assert all("cookie" not in asked.headers for asked in server.asked)


def test_no_proxy_of_the_environment_is_asked(server, amazon, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.steps = [reply(200, {})]
    amazon.ask(ORDERS)


def test_several_threads_share_an_account(server):
    server.steps = [reply(202, {"transactionId": str(n)}) for n in range(40)]
    amazon = account(server.url, Clock())
    found = []
    threads = [
        threading.Thread(target=lambda: found.extend(amazon.submit(PATH, b"{}") for _ in range(5))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found, key=int) == [str(n) for n in range(40)]
    assert len(server.of("/auth/o2/token")) == 1
    amazon.close()


def certificate(tmp_path, name="127.0.0.1", days=30):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "server.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def old_tls(context):
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = ssl.TLSVersion.TLSv1_1


@pytest.fixture
def tls(tmp_path):
    """A TLS server that answers everything with 202: who asks it has been deceived."""
    opened, heard = [], []

    def opening(change=lambda context: None, days=30):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(tmp_path, days=days))
        change(context)
        listening = socket.create_server(("127.0.0.1", 0))
        opened.append(listening)

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as safe:
                        heard.append(safe.recv(9999))

        threading.Thread(target=serve, daemon=True).start()
        return f"https://127.0.0.1:{listening.getsockname()[1]}"

    yield opening
    for listening in opened:
        listening.close()
    assert [data for data in heard if data] == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("server", [{}, {"days": -1}, {"change": old_tls}], ids=["self-signed", "expired", "TLS 1.1"])
def test_no_byte_goes_to_a_server_that_is_not_verified(tls, server):
    with pytest.raises(Unavailable, match="cannot connect") as trouble:
        account(tls(**server), Clock()).submit(PATH, b"{}")
    assert leaked(told(trouble.value)) == []


@pytest.mark.parametrize("closed", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_a_broken_handshake_is_not_sent(server, closed):
    plain = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = plain.accept()
        connection.recv(999)
        connection.sendall(closed)
        connection.close()

    threading.Thread(target=serve, daemon=True).start()
    with pytest.raises(Unavailable):
        account(f"https://127.0.0.1:{plain.getsockname()[1]}", Clock()).submit(PATH, b"{}")
    plain.close()


def test_session_keys_are_written_nowhere(tmp_path, monkeypatch):
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    context = trusting()
    assert context.keylog_filename is None
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_hosts_follow_the_region():
    assert hosts("eu").api == "https://sellingpartnerapi-eu.amazon.com"
    assert hosts("fe").login == "https://api.amazon.com"
    assert hosts("na", "https://sandbox.sellingpartnerapi-na.amazon.com/").login == "https://api.amazon.com"


def test_a_pretend_amazon_gets_the_secrets_itself():
    assert hosts("na", "http://127.0.0.1:8000").login == "http://127.0.0.1:8000"


@pytest.mark.parametrize("region", ["na", "eu", "fe"])
def test_a_sandbox_takes_the_restricted_tokens_of_production(region):
    production, sandbox = hosts(region), hosts(region, sandbox=True)
    assert sandbox.api == production.api.replace("https://", "https://sandbox.")
    assert sandbox.tokens == production.tokens == production.api
    assert (sandbox.sandbox, production.sandbox) == (True, False)
    assert hosts(region, f"{sandbox.api}/").tokens == production.api
    assert hosts("na", "http://127.0.0.1:8000").tokens == "http://127.0.0.1:8000"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1", "https://other.example"])
def test_hosts_named_instead(url):
    assert hosts("na", url, url).api == url


@pytest.mark.parametrize(
    "url",
    [
        "http://amazon.example",
        "http://127.0.0.1.evil.example",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "https://user:pass@amazon.example",
        "https://amazon.example/path",
        "https://amazon.example?x",
        "amazon.example",
        "https://",
    ],
)
def test_hosts_refused(url):
    with pytest.raises(Misconfigured):
        hosts("na", url)
    with pytest.raises(Misconfigured):
        hosts("na", login=url)


def test_an_unknown_region_is_named():
    with pytest.raises(Misconfigured, match="no region 'us'"):
        hosts("us")


def test_fault_points_stand_around_each_call(server):
    class Points(list):
        reach = list.append

    points = Points()
    server.steps = [reply(202, ID), reply(200, json.dumps({}).encode())]
    amazon = account(server.url, Clock(), faults=points)
    amazon.submit(PATH, b"{}")
    amazon.ask(PATH)
    assert points == [
        "spapi.token.before",
        "spapi.token.after",
        "spapi.post.before",
        "spapi.post.after",
        "spapi.get.before",
        "spapi.get.after",
    ]
