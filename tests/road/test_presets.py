"""The presets on the road: an order goes out by it; its samples of what a warehouse ships and has come back to Amazon."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from tests.presets import ROOT, settings_of
from tests.road.conftest import LOCAL
from tests.world import orders_of
from translator.cli import presets
from translator.cli.presets import names

NOW = datetime(2026, 12, 1, 18, tzinfo=UTC)  # what the samples are told
ORDER = "D4kTz8Qw2"  # which they are about
FOLDERS = {"order": "in/orders", "cancellation": "in/orders", "shipment_confirmation": "out/ship"}
FOLDERS |= {"inventory_update": "out/stock"}
SUBMITTED = {"shipment_confirmation": "submitShipmentConfirmations", "inventory_update": "submitInventoryUpdate"}
preset = cache(presets.preset)
ELSEWHERE = ("plain-csv", "plain-fixed", "plain-xml", "x12")  # other tests of the road go by them


def mappings_of(name, *kinds):
    made = preset(name).mappings
    return [file for file, one in made.items() if one.file.kinds[0] in kinds]


def sample_of(name, kind):
    """Give a sample of a preset about that one order, or about none, of which nothing is wrong."""
    for file in mappings_of(name, kind):
        for folder in sorted((ROOT / "samples" / name / file.removesuffix(".yaml")).iterdir()):
            stored = {path.stem for path in folder.glob("stored/*.json")}
            told = folder / "findings.txt"
            out = folder / "out.json"
            wrong = bool(re.search(" error | waits-for", told.read_text())) if told.is_file() else False
            if not wrong and out.is_file() and stored <= {ORDER} and is_whole(out.read_text()):
                return next(folder.glob("in.*"))
    return None


def is_whole(out):
    return "FLOOR_DENIAL" not in out and out != "[]\n"


def site_of(name):
    """Say in the site which files of the preset lie in which folder, and what they ask to be told."""
    listed = {}
    for file, made in preset(name).mappings.items():
        folder = FOLDERS.get(made.file.kinds[0])
        if folder:
            listed.setdefault(folder, []).append(file)
    lines = {
        way: [f"      {folder}: {files}" for folder, files in listed.items() if way in folder] for way in ("in", "out")
    }
    asked = {word for made in preset(name).mappings.values() for word in made.file.partner}
    told = ", ".join(f'{word}: "{said}"' for word, said in settings_of(name).items() if word in asked)

    def change(text):
        text = re.sub(r"    to:\n(      .*\n)+", "\n".join(["    to:", *lines["in"], ""]), text)
        came = "\n".join(["    from:", *lines["out"], ""]) if lines["out"] else ""
        text = re.sub(r"    from:\n(      .*\n)+", came.replace("'", ""), text)
        return text.replace("'", "") + (f"    partner: {{{told}}}\n" if told else "")

    return lambda world: world.edit("translator.yaml", change)


@pytest.mark.parametrize("name", [name for name in names() if name not in ELSEWHERE])
def test_an_order_goes_out_by_a_preset_and_what_its_samples_say_comes_back(opened, taking, name):
    system = replace(LOCAL, preset=name)
    order = json.loads((ROOT / "samples/plain-csv/ship/one-carton/stored" / f"{ORDER}.json").read_text())
    stock = orders_of((LOCAL,), 1, NOW)

    def begun(world):
        world.clock.skip((NOW - world.clock.now()).total_seconds())
        site_of(name)(world)

    world, road = opened(systems=(system,), orders=[order, *stock], change=begun)
    road.until(lambda: any(ORDER.encode() in data for data in taking(world, system).values()))
    shipped, has = sample_of(name, "shipment_confirmation"), sample_of(name, "inventory_update")
    assert (shipped is not None) == bool(mappings_of(name, "shipment_confirmation"))
    assert (has is not None) == bool(mappings_of(name, "inventory_update"))
    for path, kind in ((shipped, "shipment_confirmation"), (has, "inventory_update")):
        if path is not None:
            (mapping,) = mappings_of(name, kind)
            world.place(system, FOLDERS[kind], called(name, mapping), path.read_bytes())
            road.until(lambda kind=kind: SUBMITTED[kind] in world.amazon.state()["effects"])


def called(name, mapping):
    """Give a name that a mapping takes."""
    pattern = preset(name).mappings[mapping].file.file
    return re.sub(r"\{\w+\}", "1", pattern).replace("*", "1")
