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
master_key: {{credential: master-key}}      # seals what belongs to people; made by `init`: keep a copy elsewhere

amazon:
  us:                                     # your own short name for this vendor account
    vendor: ACMEG                         # CHANGE: the vendor code (selling party) that Amazon gave you
    region: na                            # na, eu or fe
    client_id: amzn1.application-oa2-client.CHANGE
    client_secret: {{credential: lwa-secret}}     # never here: a systemd credential, else the file credentials/lwa-secret;
    refresh_token: {{credential: lwa-refresh}}    # also {{file: …}} or {{env: …}}
    # rotated: {start}                 # the day the client secret was made: it ends 180 days later
    start: {start}                     # the first day that is ours: older orders wait for your word

wms:
"""

_SYSTEM: Final = """\
  {name}:                              # its mappings: mappings/{name}/
    warehouses: {{{code}: {zone}}}  # CHANGE: Amazon's code of each of its warehouses, and its time zone
    # warehouses: {{{code}: {{zone: {zone}, days: mon-fri, holidays: [2026-12-25], cut_off: "16:00"}}}}
    place: {{folder: wms/{name}}}      # CHANGE: a folder; or over SFTP:
    # place: {{sftp: sftp.example.com, user: acme, key: {{credential: {name}-key}}, host_key: "SHA256:…"}}
{partner}    to:                                   # folder there: the mappings that write into it
{to}
{from_}    acknowledge: {acknowledge}
"""

_WAREHOUSES: Final = (
    ("EWR1", "America/New_York"),
    ("RNO4", "America/Los_Angeles"),
    ("DFW6", "America/Chicago"),
    ("PHX3", "America/Phoenix"),
    ("IND2", "America/Indiana/Indianapolis"),
    ("DEN5", "America/Denver"),
)
_FOLDERS: Final = {  # in the order of an order's day
    "order": "in/orders",
    "cancellation": "in/orders",
    "shipping_label": "in/labels",
    "packing_slip": "in/labels",
    "customer_invoice": "in/invoices",
    "container_label": "in/pallets",
    "acknowledgement": "out/acks",
    "label_request": "out/pack",
    "container_label_request": "out/pallets",
    "shipment_confirmation": "out/ship",
    "shipment_status": "out/scans",
    "inventory_update": "out/stock",
    "invoice": "out/invoices",
    "answer": "in/answers",
}
_EITHER: Final = {"functional_acknowledgement": "acks"}  # what goes both ways
_CHOICES: Final = {  # not listed before somebody wants them, and when that is
    "customer_invoice": "where an invoice of Amazon's travels with the parcel (India)",
    "container_label": "with pallets.yaml below",
    "label_request": "cartons and weights, told before labels are asked for; without it: one box an order",
    "container_label_request": "pallets that want a label of Amazon's",
    "functional_acknowledgement": "where the WMS's side sends these our files are settled by them; and we answer theirs",
    "invoice": "the ERP's invoices to Amazon, where you send them here; or `invoices` of the account",
    "shipment_status": "scans of parcels, where you ship with a carrier of your own",
}
_LABELS: Final = "   # made by Amazon; print your own? then take labels.yaml out"
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
        partner=_partner(preset),
        to=_listed(preset, "writes"),
        from_=_from(preset),
        acknowledge=_FILE if "acknowledgement" in kinds else _TAKEN,
    )


def _from(preset: Preset) -> str:
    """List what is read; a preset may know no file that its WMS gives."""
    listed = _listed(preset, "reads")
    return (
        f"    from:                                 # folder there: the mappings that read out of it\n{listed}\n"
        if listed
        else ""
    )


def _partner(preset: Preset) -> str:
    """Ask for the settings that the mappings of a preset want."""
    asked = {name: help for made in preset.mappings.values() for name, help in made.file.partner.items()}
    if not asked:
        return ""
    lines = [f"      {name}: CHANGE{' ' * max(1, 30 - len(name))}# {help}" for name, help in asked.items()]
    return "\n".join(["    partner:                              # what the mappings ask as partner.name", *lines, ""])


def _listed(preset: Preset, direction: str) -> str:
    by_folder: dict[str, list[str]] = {}
    for file in sorted(preset.mappings, key=lambda file: _place(preset, file)):
        if preset.mappings[file].file.direction == direction:
            by_folder.setdefault(_folder(preset, file), []).append(file)
    return "\n".join(_line(preset, folder, files) for folder, files in by_folder.items())


def _line(preset: Preset, folder: str, files: Sequence[str]) -> str:
    kinds = [_kind(preset, file) for file in files]
    why = _CHOICES.get(kinds[0], "")
    if why and preset.mappings[files[0]].file.direction == "writes":  # of one kind only one is written
        why, files = "; ".join([*(f"or {other}" for other in files[1:]), why]), files[:1]
    said = f"   # {why}" if why else _LABELS if "shipping_label" in kinds else ""
    return f"      {'# ' if why else ''}{folder}: [{', '.join(files)}]{said}"


def _place(preset: Preset, file: str) -> tuple[int, str]:
    """Order mappings as the day of an order has them."""
    kind = _kind(preset, file)
    return (list(_FOLDERS).index(kind) if kind in _FOLDERS else len(_FOLDERS), file)


def _kind(preset: Preset, file: str) -> str:
    return preset.mappings[file].file.kinds[0]


def _folder(preset: Preset, file: str) -> str:
    direction = preset.mappings[file].file.direction
    kind, way = _kind(preset, file), "in" if direction == "writes" else "out"
    return _FOLDERS.get(kind, f"{way}/{_EITHER.get(kind, kind)}")
