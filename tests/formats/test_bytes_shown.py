"""Files that are bytes, as people meet them at the prompt: said in a line, compared byte by byte, never poured onto the screen."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode

import pytest

from tests.cli.command import run, run_json
from tests.presets import ROOT
from translator.cli.behind.visible import difference

SAMPLE = ROOT / "samples/plain-csv/orders/two-lines/in.json"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
ZPL = b"^XA\n^FDHello^FS\n^XZ\n"
MAPPING = """writes: order
format: bytes
each: item in order.orderDetails.items
file: "{{ order.purchaseOrderNumber }}-{{ loop.index }}.{{ item.buyerProductIdentifier | lower }}"
content: item.title
"""


@pytest.fixture
def site(tmp_path):
    """Give a folder with a mapping and an order whose lines hold two labels."""
    order = json.loads(SAMPLE.read_bytes())
    for item, (data, ending) in zip(order["orderDetails"]["items"], ((ZPL, "ZPL"), (PNG, "PNG")), strict=True):
        item |= {"title": b64encode(data).decode(), "buyerProductIdentifier": ending}
    sample = tmp_path / "samples/w/labels/two/in.json"
    for path, text in ((tmp_path / "mappings/w/labels.yaml", MAPPING), (sample, json.dumps(order))):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return tmp_path


def test_preview_says_size_and_kind_and_shows_a_text_whole_and_of_an_image_the_beginning(site):
    said = run("preview", site / "mappings/w/labels.yaml").stdout
    assert "D4kTz8Qw2-1.zpl: ZPL, 20 bytes" in said
    assert "^FDHello^FS" in said
    assert f"D4kTz8Qw2-2.png: PNG, {len(PNG)} bytes" in said
    assert "89 50 4E 47 0D 0A 1A 0A" in said
    assert "40 41 42" not in said


def test_preview_as_json_has_the_base64_of_an_image_and_the_text_of_a_label(site):
    first, second = run_json("preview", site / "mappings/w/labels.yaml")["files"]
    assert first["text"] == ZPL.decode()
    assert second["text"] == ""
    assert b64decode(second["records"][0]["fields"]["content"]) == PNG


def test_explain_says_where_a_file_comes_from_in_one_line(site):
    said = run("explain", site / "mappings/w/labels.yaml", "--path", "orderDetails.items[1].title").stdout
    assert "/orderDetails/items/1/title = iVBORw0KGgo" in said
    assert max(map(len, said.splitlines())) < 160


def test_convert_writes_each_under_its_name(site):
    run("convert", "-m", site / "mappings/w/labels.yaml", site / "samples/w/labels/two/in.json", "-o", f"{site}/out/")
    assert (site / "out/D4kTz8Qw2-1.zpl").read_bytes() == ZPL
    assert (site / "out/D4kTz8Qw2-2.png").read_bytes() == PNG


def test_convert_does_not_join_images_into_one_file(site):
    source = site / "samples/w/labels/two/in.json"
    said = run("convert", "-m", site / "mappings/w/labels.yaml", source, "-o", site / "one.png", code=2)
    assert "output-several" in said.stderr
    assert not (site / "one.png").exists()


def test_convert_as_json_gives_an_image_as_base64(site):
    said = run("convert", "-m", site / "mappings/w/labels.yaml", site / "samples/w/labels/two/in.json", "--json").stdout
    files = json.loads(said)
    assert files[0] == {"name": "D4kTz8Qw2-1.zpl", "text": ZPL.decode()}
    assert b64decode(files[1]["base64"]) == PNG


def test_a_sample_of_images_is_held_to_its_bytes(site):
    folder = site / "samples"
    assert "new" in run("test", folder, code=1).stdout
    run("test", folder, "--accept")
    image = folder / "w/labels/two/out/D4kTz8Qw2-2.png"
    assert image.read_bytes() == PNG
    image.write_bytes(PNG[:100] + b"!" + PNG[101:])
    said = run("test", folder, code=1).stdout
    assert "264 bytes instead of 264" in said
    assert "byte 100" in said


def test_two_images_that_differ_are_told_in_two_lines_whatever_is_in_them():
    told = difference(b"\x89PNG\r\n\x1a\n" + b"a" * 5000, b"%PDF-" + b"b" * 900, "utf-8")
    first, second = told
    assert first.strip() == "905 bytes instead of 5,008"
    assert second.strip() == "byte 0: 25 50 44 46 2D 62 62 62 instead of 89 50 4E 47 0D 0A 1A 0A"


def test_the_layout_says_that_a_file_is_the_bytes_of_one_field(site):
    said = run("show", "layout", site / "mappings/w/labels.yaml").stdout
    assert "format the bytes of one field" in " ".join(said.split())
    assert "once per item" in said
    assert "orderDetails.items[].title" in said
