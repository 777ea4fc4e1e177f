"""The words of `translator.yaml`: what the reader of sites accepts, and what the JSON Schema for editors is made of."""

from __future__ import annotations

from typing import Any, Final

from translator.documents.acknowledgement import ACCEPTED, CODES
from translator.documents.billing import ADDRESS, OF_ORDER, TAXES
from translator.endpoints.old_algorithms import OLD
from translator.mapping.schema import DRAFT, Schema, closed
from translator.mapping.words import Word, Words

REGIONS: Final = ("na", "eu", "fe")
WHEN: Final = ("known", "delivered", "taken", "file")
THEN: Final = ("hold", "accept", "refuse")
REFUSALS: Final = tuple(code for code, said in CODES.items() if code != ACCEPTED and not said.about)
CARRIER: Final = ("amazon", "own")
LABEL_DAY: Final = ("ship", "accepted")
BOXES: Final = ("single", "file")
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SETTLED: Final = ("taken", "sent")
RENAME: Final = ("plain", "posix")
ORDER: Final = ("any", "kept")
NAMES: Final = ("any", "caseless", "8.3")
DISPOSE: Final = ("archive", "delete", "leave")
INVOICED: Final = ("files", "confirmed")

SITE: Final[Words] = (
    Word(
        "ledger", "other", "where the ledger lies: sqlite:ledger.db, inside the site; or a server, for several machines"
    ),
    Word(
        "reserve", "text", "what is to stay free on the ledger's disk: below it nothing new is taken in; left out: 1GiB"
    ),
    Word("master_key", "other", "where the master key stands; left out: {credential: master-key}"),
    Word("personal", "other", "how long what belongs to people is kept"),
    Word("history", "duration", "how long an order is kept when all of it is over, at least 30d; left out: 400d"),
    Word("compare", "other", 'when Amazon, the ledger and the warehouses are compared each night: {at: "02:30"}'),
    Word("amazon", "other", "the vendor accounts, by names of your own"),
    Word("wms", "other", "the warehouse systems, by names of your own; their mappings lie in mappings/NAME/"),
)
LEDGER: Final[Words] = (
    Word("url", "text", "postgresql://user@host/database, or sqlite:ledger.db"),
    Word("password", "other", "where the password of its server stands"),
)
PERSONAL: Final[Words] = (
    Word("keep", "duration", "how long after an order shipped; left out: 20d"),
    Word("key_backups", "duration", "how long copies of the keys are kept; both together at most 28d; left out: 7d"),
)
COMPARE: Final[Words] = (
    Word("at", "text", 'the hour: "02:30"'),
    Word("zone", "text", "in this time zone: America/New_York; left out: UTC"),
    Word("csv", "text", "a file for what is out, written anew each time; left out: none"),
    Word("open", "other", "a warehouse system's list of open orders: {newark: /srv/wms/open.csv}; left out: none"),
    Word("stock", "other", "a warehouse system's stock file, to be held against the levels; left out: none"),
)
ACCOUNT: Final[Words] = (
    Word("vendor", "text", "the vendor code (selling party) that Amazon gave you"),
    Word("region", "one", "left out: na", REGIONS),
    Word("client_id", "text", "of your app at Amazon"),
    Word("client_secret", "other", "where this secret stands"),
    Word("refresh_token", "other", "where this secret stands"),
    Word("start", "text", "a day, 2026-12-01; orders created before it are not yours to handle"),
    Word("rotated", "text", "the day the client secret was made, 2026-11-01: it ends 180 days later"),
    Word("sandbox", "flag", "Amazon's sandbox instead of the real thing; needs a ledger of its own"),
    Word("url", "text", "another address instead of the region's"),
    Word("login_url", "text", "another address for tokens"),
    Word("every", "duration", "how often new orders are asked for; left out: 2m"),
    Word("lag", "duration", "orders younger than this are left for the next time; left out: 2m"),
    Word("sweep", "duration", "so often the last seven days are read again; left out: 30m"),
    Word(
        "settle",
        "duration",
        "how long until Amazon is asked what became of something; left out: as each operation needs",
    ),
    Word("invoices", "other", "the vendor's invoices: {from: confirmed, number: INV-{sequence}, remit_to: …}"),
)
INVOICES: Final[Words] = (
    Word("from", "one", "files: a mapping reads them; confirmed: one is made of each confirmed order", INVOICED),
    Word("number", "text", "the numbers of those that are made: INV-{sequence}, INV-{sequence:06}"),
    Word("first", "whole", "where the sequence begins; left out: 1", least=1, most=999_999_999),
    Word("remit_to", "other", "who is paid: {partyId: …, name: …, addressLine1: …}; left out: the vendor code"),
    Word("bill_to", "other", "who pays, as Amazon wrote it; left out: as the order says"),
    Word("terms", "text", "the code of the terms of payment"),
    Word("tax", "one", "the tax on what an order costs; left out: none", (OF_ORDER, *TAXES)),
    Word("rate", "text", "how much of it: 0.19; with `tax: order` as the order's lines say"),
)
PARTY: Final[Words] = (
    Word("partyId", "text", "its code at Amazon"),
    *(Word(name, "text", "of its address, as Amazon names it") for name in ADDRESS),
    Word("taxRegistrationType", "one", "VAT or GST", ("VAT", "GST")),
    Word("taxRegistrationNumber", "text", "its tax number"),
)
SYSTEM: Final[Words] = (
    Word("account", "text", "whose orders it takes; needed when there are several accounts"),
    Word("warehouses", "other", "Amazon's code of each of its warehouses, and the time zone: {EWR1: America/New_York}"),
    Word("place", "other", "where its files lie: {folder: /srv/wms} or {sftp: host, user: …, key: …, host_key: …}"),
    Word("to", "other", "folder: the mappings that write into it, or {mappings: …, …}"),
    Word("from", "other", "folder: the mappings that read out of it, or {mappings: …, …}"),
    Word("acknowledge", "other", "when an order is acknowledged: {when: taken, silent: 20h, then: hold}"),
    Word("label", "other", "which labels Amazon makes, and when they are asked for: {methods: [UPS_*], day: ship}"),
    Word("carrier", "one", "who tells Amazon where the parcels are: Amazon's carriers, or you (own)", CARRIER),
    Word("settled", "one", "when a file is done: taken out of the folder, or lying there", SETTLED),
    Word("wait", "duration", "how long a batch waits to fill; left out: 60s"),
    Word("late", "duration", "a file of ours that is not taken for so long is an alarm; left out: 4h; 0s: never"),
    Word(
        "quiet", "duration", "a file is complete when it did not change for so long; left out: 10s, SFTP and shares 30s"
    ),
    Word("every", "duration", "how often its folders are looked at; left out: 30s"),
    Word("dispose", "one", "what becomes of a file once its bytes are in the ledger", DISPOSE),
    Word("stock", "other", "how much is offered, and which files a person is asked about: {reserve: 2, zeroed: 10%}"),
    Word("products", "other", "tables of ASINs, of its own items and their packs, of kits: {items: items, kits: kits}"),
    Word("partner", "help", "settings that mappings ask for as partner.NAME"),
)
TO: Final[Words] = (
    Word("mappings", "texts", "the mappings that write into it"),
    Word("done", "text", 'an empty file that follows each file: "{name}.ok" or "{stem}.ok"; left out: none does'),
    Word("names", "one", "A.txt is a.txt there (caseless), or names are short besides (8.3); left out: any", NAMES),
    Word("mode", "text", 'who may read and write its files, in a folder of this machine: "0660"; left out: "0640"'),
    Word("late", "duration", "a file not taken for so long is an alarm; left out: as the system says; 0s: never"),
    Word("order", "one", "kept: a file is sent when the one before it was; left out: any", ORDER),
)
FROM: Final[Words] = (
    Word("mappings", "texts", "the mappings that read out of it"),
    Word("complete", "other", 'when a file is complete: {quiet: 2m}, {done: "{stem}.ok"}, {ends: "T*"}'),
    Word("order", "one", "kept: a file is read when the one before it was; left out: any", ORDER),
    Word("expect", "duration", "no file for so long, on days the warehouse works, is an alarm; left out: never"),
)
COMPLETE: Final[Words] = (
    Word(
        "quiet", "duration", "when it did not change for so long; left out: as the system says, with `done` not asked"
    ),
    Word("done", "text", 'when a file of this name lies beside it: "{name}.done", "{stem}.ok"'),
    Word("ends", "text", 'when its last line is so, as a pattern: "T*", "*</shipments>"'),
    Word("unfinished", "texts", 'names it has before that, as patterns: ["*.uploading"]'),
)
ACKNOWLEDGE: Final[Words] = (
    Word("when", "one", "known here, delivered to the WMS, taken by it, or by its own files", WHEN),
    Word("silent", "duration", "how long the WMS may be silent; left out: 20h"),
    Word("then", "one", "what happens then: a person is asked, or the order is acknowledged, or refused", THEN),
    Word("code", "one", "what a refusal that follows from silence says; left out: 03, out of stock", REFUSALS),
)
LABEL: Final[Words] = (
    Word("methods", "texts", "the ship methods that Amazon labels, as patterns: AMZL_*; left out: all"),
    Word("day", "one", "asked for on the day the order ships, or as soon as it is accepted; left out: ship", LABEL_DAY),
    Word("at", "text", 'the hour of that day, in the warehouse\'s zone: "06:00"; left out: as it begins'),
    Word("boxes", "one", "one box for each order, or as the WMS's pack file says; left out: single", BOXES),
)
STOCK: Final[Words] = (
    Word("reserve", "whole", "units of each SKU that are not offered; left out: 0"),
    Word("percent", "text", "the share of each level that is offered; left out: 100%"),
    Word("cap", "whole", "no SKU is offered with more units; left out: no limit"),
    Word("share", "other", "the share that is offered from a warehouse: {EWR1: 60%, EWR2: 40%}"),
    Word("unseen", "flag", "orders that the WMS has not taken yet are taken off its levels"),
    Word("zero", "texts", "SKUs that are never offered"),
    Word("zeroed", "text", "a file that sets more SKUs with stock to zero is held; left out: 10%"),
    Word("units", "text", "a file that takes away more units is held; left out: 50%"),
    Word("shrunk", "text", "a full update with so many SKUs fewer than usual is held; left out: 20%"),
    Word("least", "whole", "fewer SKUs than this hold no file; left out: 10", least=1, most=1_000_000),
)
PRODUCTS: Final[Words] = (
    Word("asins", "text", "the table of ASINs, where orders do not tell them: tables/NAME.csv with SKU, ASIN"),
    Word("items", "text", "the table of the warehouse's own items: tables/NAME.csv with ITEM, SKU, PACK"),
    Word("kits", "text", "the table of kits and what is in them: tables/NAME.csv with KIT, SKU, QUANTITY"),
)
WAREHOUSE: Final[Words] = (
    Word("zone", "text", "the time zone: America/New_York"),
    Word("days", "texts", "when parcels leave: mon-fri, or [mon, tue, sat]; left out: every day"),
    Word("holidays", "texts", "days on which none leaves: [2026-12-25]"),
    Word("cut_off", "text", 'until when a parcel leaves the same day: "16:00"; left out: 23:59'),
)
FOLDER: Final[Words] = (Word("folder", "text", "a folder of this machine; not beginning with /: inside the site"),)
_LOGIN: Final[Words] = (
    Word("port", "whole", "left out: 22", least=1, most=65_535),
    Word("user", "text", "the login"),
    Word("host_key", "texts", "the server's fingerprint, as ssh-keygen -lf prints it: SHA256:…; two while it changes"),
    Word("known_hosts", "text", "a file in which the server's key stands, as ssh has it; instead of host_key"),
    Word("key", "other", "where the private key stands"),
    Word("passphrase", "other", "where the passphrase of the private key stands"),
    Word("password", "other", "where the password stands"),
    Word("old", "other", "old algorithms this server needs; each is a risk: [ssh-rsa]"),
)
JUMP: Final[Words] = (Word("host", "text", "the server in between"), *_LOGIN)
SFTP: Final[Words] = (
    Word("sftp", "text", "the server"),
    *_LOGIN,
    Word("jump", "other", "the server through which this one is reached: {host: …, user: …, key: …, host_key: …}"),
    Word("root", "text", "the folder under which the others lie; left out: where the login lands"),
    Word("rename", "one", "posix: for a server that has no plain rename; it replaces what is there", RENAME),
    Word("calls", "whole", "how many things at once, of all services together; left out: 4", least=1, most=64),
    Word("each", "whole", "how many of them one service does; left out: as calls says, at most 8", least=1, most=8),
)
SECRET: Final[Words] = (
    Word("credential", "text", "a systemd credential of that name; without systemd the file credentials/NAME"),
    Word("file", "text", "this file"),
    Word("env", "text", "this variable of the service's environment"),
)


def site_schema() -> Schema:
    """Give the JSON Schema of `translator.yaml`."""
    secret = {**closed(SECRET, {}), "minProperties": 1, "maxProperties": 1}
    place = {"anyOf": [_needing(closed(FOLDER, {}), "folder"), _sftp(secret)]}
    acknowledge = closed(ACKNOWLEDGE, {})
    listed: Schema = {"type": "string"}
    party = _needing(closed(PARTY, {}), "partyId")
    invoices = closed(INVOICES, {"remit_to": party, "bill_to": party})
    secrets = {"client_secret": secret, "refresh_token": secret, "invoices": invoices}
    account = _needing(closed(ACCOUNT, secrets), "vendor", "client_id", "client_secret", "refresh_token")
    warehouse = {"anyOf": [listed, _needing(closed(WAREHOUSE, {}), "zone")]}
    others = {
        "place": place,
        "to": _each(_folder(listed, TO, {})),
        "from": _each(_folder(listed, FROM, {"complete": closed(COMPLETE, {})})),
        "acknowledge": acknowledge,
        "label": closed(LABEL, {}),
        "stock": closed(STOCK, {"share": _each(listed)}),
        "products": closed(PRODUCTS, {}),
        "warehouses": _each(warehouse),
    }
    system = _needing(closed(SYSTEM, others), "warehouses", "place")
    ledger = {"anyOf": [listed, _needing(closed(LEDGER, {"password": secret}), "url")]}
    parts = {
        "ledger": ledger,
        "master_key": secret,
        "personal": closed(PERSONAL, {}),
        "compare": _needing(closed(COMPARE, {"open": _each(listed), "stock": _each(listed)}), "at"),
        "amazon": _each(account),
        "wms": _each(system),
    }
    top = _needing(closed(SITE, parts), "amazon", "wms")
    return {"$schema": DRAFT, "title": "A site of the translator: translator.yaml", **top}


def _folder(listed: Schema, known: Words, inner: dict[str, Schema]) -> Schema:
    """Give the schema of a folder: a name, a list of names, or all there is to say."""
    return {"anyOf": [listed, {"type": "array", "items": listed}, _needing(closed(known, inner), "mappings")]}


def _sftp(secret: Schema) -> Schema:
    old: Schema = {"enum": [*OLD]}
    login = {
        "key": secret,
        "passphrase": secret,
        "password": secret,
        "old": {"anyOf": [old, {"type": "array", "items": old}]},
    }
    jump = _needing(closed(JUMP, login), "host", "user")
    return _needing(closed(SFTP, {**login, "jump": jump}), "sftp", "user")


def _needing(schema: Schema, *names: str) -> dict[str, Any]:
    return {**schema, "required": [*names]}


def _each(schema: Schema) -> Schema:
    return {"type": "object", "additionalProperties": schema, "minProperties": 1}
