"""The wheel, installed outside the checkout: the command is there, and so are the presets."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Give the command of a fresh environment that has our wheel, and beside it only what it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-index"]
    done(*pip, "wheel", *options, "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("translator-*.whl")
    done(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    site_packages = next((folder / "venv/lib").glob("python*")) / "site-packages"
    done(*pip, "--python", folder / "venv/bin/python", "install", *options, wheel)
    # The dependencies are those of the tests' own environment; its editable installation of us must not come along.
    for entry in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if (
            not entry.name.startswith(("translator", "_editable", "__pycache__", "_translator"))
            and entry.suffix != ".pth"
        ):
            target = site_packages / entry.name
            if not target.exists():
                target.symlink_to(entry)
    return folder / "venv/bin/translator"


def done(*words, **more):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    result = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, env=environment, check=False, **more
    )
    assert result.returncode == 0, f"{words}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def test_it_is_not_the_checkout_that_answers(installed, tmp_path):
    where = done(installed.with_name("python"), "-c", "import translator; print(translator.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parents[1])


def test_init_and_check_work_outside_the_checkout(installed, tmp_path):
    done(
        installed,
        "init",
        "X",
        "--preset",
        "plain-csv",
        "--preset",
        "plain-fixed",
        "--preset",
        "plain-xml",
        cwd=tmp_path,
    )
    done(installed, "check", "--site", "X", cwd=tmp_path)
    done(installed, "test", "--site", "X", cwd=tmp_path)
    assert "ORDER" in done(installed, "preview", "plain-csv/orders", "--site", "X", cwd=tmp_path)
    assert "row.ORDER" in done(
        installed, "explain", "plain-csv/orders", "--site", "X", "--field", "ORDER", cwd=tmp_path
    )
    (tmp_path / "fields.csv").write_text("Field,Length\nORDER,10\nSKU,20\n")
    done(installed, "scaffold", "fields.csv", "--writes", "order", "-o", "alone/orders.yaml", cwd=tmp_path)
    assert "ORDER" in done(installed, "preview", "alone/orders.yaml", cwd=tmp_path)
    assert "ORDER" in done(installed, "show", "layout", "alone/orders.yaml", "--format", "html", cwd=tmp_path)
    assert (tmp_path / "X/templates/plain-xml/order.xml.j2").is_file()
    assert (tmp_path / "X/mappings/plain-csv/tables/ship_methods.csv").is_file()


def test_the_presets_are_those_of_the_checkout(installed, tmp_path):
    words = "from translator.cli.presets import names; print(*names())"
    found = done(installed.with_name("python"), "-c", words, cwd=tmp_path).split()
    assert found == sorted(path.name for path in (ROOT / "mappings").iterdir() if path.is_dir())


def test_the_ledgers_revisions_are_in_it(installed, tmp_path):
    done(installed, "init", "X", cwd=tmp_path)
    for name in ("lwa-secret", "lwa-refresh"):
        (tmp_path / "X/credentials" / name).write_text("made up")
    words = (
        "from pathlib import Path; from translator.ledger.ledger import Ledger;"
        "from translator.service.ports import SystemChance, SystemClock;"
        "Ledger.open(Path('X/ledger.db'), SystemClock(), SystemChance()).close()"
    )
    done(installed.with_name("python"), "-c", words, cwd=tmp_path)
    assert (tmp_path / "X/ledger.db").stat().st_size > 0
