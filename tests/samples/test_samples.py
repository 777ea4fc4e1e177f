"""Each folder samples/<wms>/<mapping>/<what it shows>/ is a test: what goes in, what comes out, what is said, and why.

in.*: the document (JSON) or the WMS's file. out.*: the file written, or the payloads as JSON. stored/: orders to complete
from. findings.txt: what is said, a line each. why.md: what a reader should see. TRANSLATOR_ACCEPT=1 writes what came out.
"""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from translator.cli import program

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(path.parent for path in (ROOT / "samples").glob("*/*/*/why.md"))
AT = "2026-12-01T18:00:00Z"
ACCEPT = os.environ.get("TRANSLATOR_ACCEPT") == "1"


def convert(folder, out):
    wms, mapping = folder.parts[-3], folder.parts[-2]
    given = next(folder.glob("in.*"))
    asked = ["convert", "-m", str(ROOT / "mappings" / wms / f"{mapping}.yaml"), str(given), "--at", AT, "-o", str(out)]
    asked += ["--zone", "America/New_York", "--vendor", "ACMEG"]
    if (folder / "stored").is_dir():
        asked += ["--stored", str(folder / "stored")]
    return CliRunner().invoke(program(), asked)


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: "/".join(folder.parts[-3:]))
def test_a_sample_comes_out_as_it_stands_there(folder, tmp_path):
    out = tmp_path / "out"
    result = convert(folder, out)
    said = "".join(line + "\n" for line in result.stderr.splitlines()).replace(str(folder), ".")
    came = out.read_bytes() if out.exists() else b""
    if ACCEPT:
        accept(folder, came, said)
    expected = next(iter(folder.glob("out.*")), None)
    assert came == (expected.read_bytes() if expected else b"")
    findings = folder / "findings.txt"
    assert said == (findings.read_text() if findings.exists() else "")
    assert result.exit_code == (1 if "error" in said else 0)


def accept(folder, came, said):
    reads = (ROOT / "mappings" / folder.parts[-3] / f"{folder.parts[-2]}.yaml").read_text().find("\nreads:") >= 0
    ending = "json" if reads else {"plain-csv": "csv", "plain-fixed": "txt", "plain-xml": "xml", "plain-json": "json"}[folder.parts[-3]]
    for old in folder.glob("out.*"):
        old.unlink()
    if came:
        (folder / f"out.{ending}").write_bytes(came)
    (folder / "findings.txt").unlink(missing_ok=True)
    if said:
        (folder / "findings.txt").write_text(said)


def test_every_mapping_of_every_preset_has_a_sample():
    mappings = {f"{path.parent.name}/{path.stem}" for path in (ROOT / "mappings").glob("*/*.yaml")}
    assert mappings - {"/".join(folder.parts[-3:-1]) for folder in SAMPLES} == set()


def test_every_sample_is_explained_in_a_sentence():
    assert [folder for folder in SAMPLES if len((folder / "why.md").read_text().split()) < 5] == []
