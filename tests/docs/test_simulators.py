"""The page on the pretend partners: its files of faults are read as the command reads them."""

import pytest

from tests.docs.pages import PAGES, blocks
from translator.cli.behind.fault_file import read_faults

FAULTS = [block for page in PAGES if page.name == "simulators.md" for block in blocks(page) if block.language == "yaml"]


def test_the_page_shows_a_file_of_faults():
    assert len(FAULTS) == 1


@pytest.mark.parametrize("block", FAULTS, ids=str)
def test_a_file_of_faults_is_read(block, tmp_path):
    file = tmp_path / "faults.yaml"
    file.write_text(block.text)
    assert len(read_faults(file)) == block.text.count("kind:")
