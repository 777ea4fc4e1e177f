"""The commented `translator.yaml` that `init` writes: accepted as it is, with every place marked that a person must change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from translator.cli.presets import Preset

_HEAD: Final = """\
# What is listed here is switched on; everything else is derived (`translator show routes`).
# After an edit: `translator check`. Before the first start: `translator doctor`. CHANGE marks what is yours.

ledger: sqlite:ledger.db                  # everything known and waiting. As a service: sqlite:/var/lib/translator/ledger.db

amazon:
  us:                                     # your own short name for this vendor account
    vendor: ACMEG                         # CHANGE: the vendor code (selling party) that Amazon gave you
    region: na                            # na, eu or fe
    client_id: amzn1.application-oa2-client.CHANGE
    client_secret: {{credential: lwa-secret}}     # never here: a systemd credential, else the file credentials/lwa-secret;
    refresh_token: {{credential: lwa-refresh}}    # also {{file: …}} or {{env: …}}
    start: {start}                     # orders created before are not ours

wms:
"""

_SYSTEM: Final = """\
  {name}:                              # its mappings: mappings/{name}/
    warehouses: {{{code}: {zone}}}  # CHANGE: Amazon's code of each of its warehouses, and its time zone
    place: {{folder: wms/{name}}}      # CHANGE: a folder; or over SFTP:
    # place: {{sftp: sftp.example.com, user: acme, key: {{credential: {name}-key}}, host_key: "SHA256:…"}}
    to:                                   # folder there: the mappings that write into it
{to}
    from:                                 # folder there: the mappings that read out of it
{from_}
    acknowledge: {acknowledge}
"""

_WAREHOUSES: Final = (
    ("EWR1", "America/New_York"),
    ("RNO4", "America/Los_Angeles"),
    ("DFW6", "America/Chicago"),
    ("PHX3", "America/Phoenix"),
    ("IND2", "America/Indiana/Indianapolis"),
    ("DEN5", "America/Denver"),
)
_FOLDERS: Final = {
    "order": "in/orders",
    "cancellation": "in/orders",
    "acknowledgement": "out/acks",
    "shipment_confirmation": "out/ship",
    "inventory_update": "out/stock",
    "answer": "in/answers",
}
_TAKEN: Final = "{when: taken, silent: 20h, then: hold}   # known · delivered · taken: when an order is acknowledged"
_FILE: Final = "{when: file}                     # by the ack files of the WMS"


def site_text(presets: Sequence[Preset], start: date) -> str:
    """Write the site for some presets: each becomes a warehouse system of the same name."""
    return _HEAD.format(start=start.isoformat()) + "\n".join(_system(one, number) for number, one in enumerate(presets))


def folders(preset: Preset) -> list[str]:
    """List the folders its WMS exchanges files in."""
    return list(dict.fromkeys(_folder(preset, file) for file in preset.mappings))


def _system(preset: Preset, number: int) -> str:
    code, zone = _WAREHOUSES[number] if number < len(_WAREHOUSES) else (f"WHS{number}", "UTC")
    kinds = {kind for made in preset.mappings.values() if made.file.direction == "reads" for kind in made.file.kinds}
    return _SYSTEM.format(
        name=preset.name,
        code=code,
        zone=zone,
        to=_listed(preset, "writes"),
        from_=_listed(preset, "reads"),
        acknowledge=_FILE if "acknowledgement" in kinds else _TAKEN,
    )


def _listed(preset: Preset, direction: str) -> str:
    by_folder: dict[str, list[str]] = {}
    for file in sorted(preset.mappings, key=lambda file: _place(preset, file)):
        if preset.mappings[file].file.direction == direction:
            by_folder.setdefault(_folder(preset, file), []).append(file)
    return "\n".join(f"      {folder}: [{', '.join(files)}]" for folder, files in by_folder.items())


def _place(preset: Preset, file: str) -> tuple[int, str]:
    """Order mappings as the day of an order has them."""
    kind = preset.mappings[file].file.kinds[0]
    return (list(_FOLDERS).index(kind) if kind in _FOLDERS else len(_FOLDERS), file)


def _folder(preset: Preset, file: str) -> str:
    made = preset.mappings[file].file
    return _FOLDERS.get(made.kinds[0], f"{'in' if made.direction == 'writes' else 'out'}/{made.kinds[0]}")
