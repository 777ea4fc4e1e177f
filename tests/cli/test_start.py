"""How the command starts: a verb imports what it uses, and the list of verbs nothing heavy."""

import subprocess
import sys

HEAVY = {
    "alembic",
    "cryptography",
    "httpx",
    "jinja2",
    "lxml",
    "paramiko",
    "psycopg",
    "pysqlite3",
    "sqlalchemy",
    "structlog",
}


def test_the_verbs_are_listed_without_a_library_that_only_some_of_them_use():
    asked = "import sys; from translator.cli import program; program(); print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "click" in said
    assert HEAVY.intersection(said) == set()
    assert [name for name in said if name.startswith(("translator.ledger", "translator.service"))] == []
