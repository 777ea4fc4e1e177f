"""The mappings of the presets, as they lie in the tree; a layout that is there for them to extend is none."""

from pathlib import Path

from translator.cli.behind.given import given_for
from translator.mapping.extend import is_layout

ROOT = Path(__file__).parents[1]
MAPPINGS = [
    path for path in sorted((ROOT / "mappings").glob("*/*.yaml")) if not is_layout(path.read_bytes(), path.name)
]


def fetch(name):
    """Give a file of the presets by the name a site has for it."""
    path = ROOT / name
    return path.read_bytes() if path.is_file() else None


def settings_of(system):
    """Give the settings of the partner that the samples of a preset are told."""
    return dict(given_for(ROOT / "samples" / system, ROOT / "samples", system).settings)
