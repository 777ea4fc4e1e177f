"""The presets that came with the program: in the package when installed, at the top of the tree in a checkout."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import translator
from translator.core.finding import Finding, Misconfigured, suggestion

if TYPE_CHECKING:
    from translator.translation import Translation

_PARTS: Final = ("mappings", "templates")
_GIVEN: Final = "samples/given.yaml"


@dataclass(frozen=True, slots=True)
class Preset:
    """A preset's files, by the names they have in a site, and its mappings, compiled."""

    name: str
    files: dict[str, bytes]
    mappings: dict[str, Translation] = field(default_factory=dict)  # by file name: orders.yaml


def names() -> list[str]:
    """List the presets."""
    top = _top() / "mappings"
    return sorted(entry.name for entry in top.iterdir() if entry.is_dir() and not entry.name.startswith((".", "_")))


def preset(name: str) -> Preset:
    """Give one preset. Raises Misconfigured where there is none of this name."""
    files = _files(name)
    return Preset(name, files, _mappings(name, files))


def _files(name: str) -> dict[str, bytes]:
    known = names()
    if name not in known:
        hint = suggestion(name, known) or f"known: {', '.join(known)}"
        raise Misconfigured([Finding("preset-unknown", f"there is no preset '{name}'", hint=hint)])
    files: dict[str, bytes] = {}
    for part in _PARTS:
        folder = _top() / part / name
        if folder.is_dir():
            _take(folder, f"{part}/{name}", files)
    _take_bases(files)
    return files


def samples(name: str) -> dict[str, bytes]:
    """Give the samples of a preset, by the names they have in a site, and what all samples are told of the world."""
    found: dict[str, bytes] = {_GIVEN: (_top() / _GIVEN).read_bytes()}
    folder = _top() / "samples" / name
    if folder.is_dir():
        _take(folder, f"samples/{name}", found)
    return found


def copy_preset(name: str, site: Path, system: str) -> None:
    """Copy a preset into a site, its mappings under the name of a warehouse system."""
    for path, data in _files(name).items():
        own = f"mappings/{name}/"
        target = site / (f"mappings/{system}/{path.removeprefix(own)}" if path.startswith(own) else path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _top() -> Traversable:
    inside = resources.files("translator") / "presets"
    return inside if inside.is_dir() else Path(translator.__file__).parent.parent


def _take(folder: Traversable, name: str, files: dict[str, bytes]) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            _take(entry, f"{name}/{entry.name}", files)
        elif not entry.name.startswith("."):
            files[f"{name}/{entry.name}"] = entry.read_bytes()


def _take_bases(files: dict[str, bytes]) -> None:
    """Take along what mappings start from in other presets: `extends: plain-csv/labels.yaml`."""
    from translator.mapping.extend import base_of

    waiting = list(files)
    while waiting:
        name = waiting.pop()
        base = base_of(files[name], name) if name.endswith(".yaml") else ""
        path = f"mappings/{base}" if "/" in base else f"{name.rpartition('/')[0]}/{base}"  # else it lies beside
        if base and path not in files:
            files[path] = _top().joinpath(*path.split("/")).read_bytes()
            waiting.append(path)


def _mappings(name: str, files: dict[str, bytes]) -> dict[str, Translation]:
    """Compile a preset's mappings; a layout that is there for them to extend is none."""
    from translator.mapping.extend import is_layout
    from translator.translation import load

    prefix = f"mappings/{name}/"
    own = sorted(path.removeprefix(prefix) for path in files if path.startswith(prefix))
    return {
        file: load(f"{name}/{file}", files[prefix + file], files.get)
        for file in own
        if file.endswith(".yaml") and "/" not in file and not is_layout(files[prefix + file], file)
    }
