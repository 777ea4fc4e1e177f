"""Where the ledger is: a file or a server; a password is never written into the site."""

import pytest

from tests.docs.test_sites import AMAZON, WMS, fetching
from translator.config.read import site_of
from translator.core.address import Address
from translator.core.finding import Misconfigured
from translator.service import whereabouts


def site(tmp_path, ledger):
    return site_of(tmp_path, fetching(f"ledger: {ledger}\n{AMAZON}{WMS}"), {})


def refused(tmp_path, ledger):
    with pytest.raises(Misconfigured) as caught:
        site(tmp_path, ledger)
    return caught.value.findings[0]


def test_a_file_lies_inside_the_site_unless_its_path_is_absolute(tmp_path):
    assert whereabouts.ledger_of(site(tmp_path, "sqlite:state/book.db")) == tmp_path / "state/book.db"
    assert str(whereabouts.ledger_of(site(tmp_path, "sqlite:/var/book.db"))) == "/var/book.db"
    assert whereabouts.ledger_of(site(tmp_path, "{url: sqlite:book.db}")) == tmp_path / "book.db"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://acme@db.example/book",
        "postgresql://acme@db.example:5433/book?sslmode=verify-ca&sslrootcert=/etc/ours.pem",
        "postgresql://acme@localhost/book?sslmode=disable",
        "postgresql://acme@/book?host=/run/postgresql",
    ],
)
def test_a_server_is_named_by_its_address(tmp_path, url):
    assert whereabouts.ledger_of(site(tmp_path, url)) == Address(url)


def test_the_password_stands_elsewhere_and_is_never_shown(tmp_path):
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials/ledger").write_text("canary-7f3a\n")
    where = whereabouts.ledger_of(
        site(tmp_path, "{url: 'postgresql://acme@db.example/book', password: {credential: ledger}}")
    )
    assert where.password.reveal() == "canary-7f3a"
    assert "canary" not in f"{where!r} {where}"


@pytest.mark.parametrize(
    "ledger,text",
    [
        ("mysql://acme@db.example/book", "'mysql:' is no ledger"),
        ("postgresql://db.example/book", "no address"),
        ("postgresql://acme@db.example", "no address"),
        ("postgresql://acme@db.example/a/b", "no address"),
        ("postgresql://acme@db.example:x/book", "no address"),
        ("postgresql://ac%me@db.example/book", "a '%' in an address begins a sign"),
        ("postgresql://acme:canary@db.example/book", "a password stands in the address"),
        ("postgresql://acme@db.example/book?sslmode=require", "has to prove who it is"),
        ("postgresql://acme@db.example/book?password=canary", "'password' is not known"),
        ("{url: sqlite:book.db, password: {credential: ledger}}", "a file has no password"),
        ("{url: 'postgresql://acme@db.example/book', password: canary}", "must say where the secret stands"),
        ("{password: {credential: ledger}}", "'url' is missing"),
    ],
)
def test_what_is_wrong_is_told_and_no_secret_with_it(tmp_path, ledger, text):
    found = refused(tmp_path, ledger)
    assert text in found.text
    assert found.rule.line == 1
    assert "canary" not in repr(found)
