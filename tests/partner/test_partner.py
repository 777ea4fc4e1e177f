"""A partner's guide, as partners write them, on top of a preset: an invented house, its 940 and 945, its samples.

What stands in guide.txt is laid over the preset x12 by the mappings beside it, in a site that `init` makes.
"""

import shutil
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.docs.pages import blocks
from tests.presets import ROOT, fetch
from translator.translation import load

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("partner") / "site"
    run("init", folder, "--wms", "x12")
    for name in ("mappings", "samples"):
        shutil.copytree(HERE / name, folder / name, dirs_exist_ok=True)
    said = (folder / "translator.yaml").read_text()
    said = said.replace("  x12:  ", "  tallpine:  ").replace("wms/x12", "wms/tallpine")
    said = said.replace("edi_id: CHANGE", 'edi_id: "2015550147"').replace("wms_id: CHANGE", 'wms_id: "079415310"')
    said = said.replace("usage: CHANGE", "usage: T").replace("EWR1", "EWR7")
    said = said.replace("      in/labels:", "      # in/labels:").replace("      out/stock:", "      # out/stock:")
    (folder / "translator.yaml").write_text(said)
    return folder


def test_every_sample_comes_out_as_the_guide_wants_it(site):
    said = run("test", site / "samples/tallpine").stdout
    assert "6 samples: 6 same" in said


def test_the_site_is_well(site):
    assert "well: accounts 1, warehouse systems 1, mappings 3" in run("check", "-C", site).stdout


def test_one_place_holds_the_marks_and_the_names_of_all_files(site):
    for name, sample in (("940", "t1"), ("940-cancel", "t3")):
        (written,) = (site / f"samples/tallpine/{name}/{sample}").glob("out.*")
        head, group, *_ = written.read_bytes().split(b"^\r\n")
        assert head.startswith(b"ISA|00|0000000000|00|0000000000|12|2015550147     |01|079415310      |")
        assert group.startswith(b"GS|OW|TPCLIENT88|TALLPINE|")


def test_what_the_manual_shows_of_a_guide_loads_over_the_preset():
    (shown,) = [block.text for block in blocks(ROOT / "docs/edi.md") if "extends: x12/940" in block.text]
    made = load("partner/940.yaml", shown.encode(), fetch)
    names = [one.name for one in made.file.records]
    assert names == ["ISA"]
    assert made.file.kinds == ("order",)
