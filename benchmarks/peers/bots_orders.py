"""Bots as a measured black box: run with the Python of its own environment, in a folder made for it.

    python bots_orders.py FOLDER orders|pages|merged

FOLDER/in holds files of orders as getOrders gives them; FOLDER/out takes one CSV file per order (`orders`), or one per
file that came in (`pages`: the file is one message; `merged`: each order is, and Bots merges them again). The set-up
(settings, tables, one route, our mapping script) is written into FOLDER and is not measured, nor is a run over the first
of the files; the run of the engine over all of them is: it prints its seconds. Bots 3.3.1 wants a function that Django 3
removed: it is put back here.
"""

# ruff: noqa: PLC0415 (Bots and Django are imported when their settings are laid out)

import contextlib
import io
import json
import shutil
import sqlite3
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROUTE = "orders"
INI = """
[settings]
get_checklevel = 0
log_console = False
log_file_level = ERROR
log_file_number = 10
maxsecondsperchannel = 3600
maxruntime = 600
whencleanup = never
[webserver]
environment = production
[directories]
botssys = {botssys}
usersys = usersys
[charsets]
unoy = utf_8
"""
SETTINGS = """
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": {database!r}}}}}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "bots"]
SECRET_KEY = "measured"
STATIC_URL = "/static/"
TIME_ZONE = "UTC"
"""


FILES = {"orders": "ORD-{botskey}.csv.tmp", "pages": "ORDERS-*.csv.tmp", "merged": "ORDERS-*.csv.tmp"}


def main(folder: Path, how: str) -> None:
    """Set up, run once, say how long the engine took."""
    _put_back()
    _lay_out(folder)
    sys.path[:0] = [str(folder)]
    sys.argv = ["bots-engine", "-cconfig", ROUTE]
    _tables(folder, how)
    seconds = _run(folder)
    print(json.dumps({"seconds": seconds}))


def _put_back() -> None:
    import django.utils.encoding

    django.utils.encoding.python_2_unicode_compatible = lambda made: made


def _lay_out(folder: Path) -> None:
    for name in ("config", "botssys"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copytree(HERE / "usersys", folder / "usersys", dirs_exist_ok=True)
    for made in [folder / "usersys", *(one for one in (folder / "usersys").rglob("*") if one.is_dir())]:
        (made / "__init__.py").touch()
    for name in ("mappings", "routescripts", "communicationscripts", "partners", "envelopescripts", "charsets"):
        (folder / "usersys" / name).mkdir(exist_ok=True)
        (folder / "usersys" / name / "__init__.py").touch()
    (folder / "config" / "__init__.py").touch()
    (folder / "config" / "settings.py").write_text(SETTINGS.format(database=str(folder / "botsdb")))
    (folder / "config" / "bots.ini").write_text(INI.format(botssys=folder / "botssys"))


def _tables(folder: Path, how: str) -> None:
    """Make the database: Django's tables, and those that Bots brings as SQL."""
    import bots
    from bots import botsinit

    botsinit.generalinit("config")
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    with contextlib.closing(sqlite3.connect(folder / "botsdb")) as database:
        for script in sorted((Path(bots.__file__).parent / "sql").glob("*.sql")):
            if script.stem == "uniek" or script.name.endswith(".sqlite3.sql"):
                database.executescript(script.read_text())
        database.commit()
    from bots import models

    incoming = "pages" if how == "pages" else "orders"
    outgoing = "merged" if how == "merged" else "orders"
    models.channel.objects.create(
        idchannel="in", inorout="in", type="file", path=str(folder / "in"), filename="*.json", remove=True
    )
    models.channel.objects.create(
        idchannel="out",
        inorout="out",
        type="file",
        path=str(folder / "out"),
        filename=FILES[how],
        mdnchannel=".tmp",
    )
    models.routes.objects.create(
        idroute=ROUTE, seq=1, active=True, translateind=1, fromchannel_id="in", fromeditype="jsonnocheck",
        frommessagetype=incoming, tochannel_id="out", toeditype="csv", tomessagetype=outgoing,
    )  # fmt: skip
    models.translate.objects.create(
        active=True,
        fromeditype="jsonnocheck",
        frommessagetype=incoming,
        tscript=how,
        toeditype="csv",
        tomessagetype=outgoing,
    )


@contextlib.contextmanager
def _first_alone(folder: Path):
    """Let there be only the first file, and afterwards all of them again, and nothing that came of it."""
    aside = folder / "in.later"
    (folder / "in").rename(aside)
    (folder / "in").mkdir()
    first = min(aside.iterdir())
    shutil.copy(first, folder / "in" / first.name)
    yield
    shutil.rmtree(folder / "in")
    aside.rename(folder / "in")
    for one in (folder / "out").iterdir():
        one.unlink()


def _run(folder: Path) -> float:
    """Run the engine as its command does; only its dispatcher is measured, not its start nor its first file."""
    from bots import engine, router

    took = []
    dispatch = router.rundispatcher

    def measured(*given):
        with _first_alone(folder):
            dispatch(*given)
        start = time.perf_counter()
        try:
            return dispatch(*given)
        finally:
            took.append(time.perf_counter() - start)

    router.rundispatcher = measured
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            engine.start()
    except SystemExit as end:
        if end.code:
            raise SystemExit(f"bots-engine ended with {end.code}: {said.getvalue()}") from None
    return sum(took)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), *sys.argv[2:] or ["orders"])
