"""The tables of the book, each defined once. What one row is: DESIGN, "The ledger".

Times are seconds since 1970 in UTC. Ids are never used twice. Partial indexes keep what is finished out of the way of
what waits, so that a claim costs what it claims. Texts are compared by their characters' numbers, wherever the book lies.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    false,
    literal_column,
    select,
)
from sqlalchemy.types import TypeEngine

from translator.core.work import State
from translator.ledger.listed import EachOf, Listed
from translator.ledger.packed import Packed

HEAD: Final = "0001"  # the revision these tables are
METADATA: Final = MetaData()
MOVES_METADATA: Final = MetaData()  # a file of its own where the book is a file
KEYS_METADATA: Final = MetaData()  # and another one

_ID: Final = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows only where the type is INTEGER
_TEXT: Final = Text().with_variant(Text(collation="C"), "postgresql")


def _own_id() -> Column[int]:
    return Column("id", _ID, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, _TEXT, nullable=False, server_default="")


def _number(name: str) -> Column[int]:
    return Column(name, _ID, nullable=False, server_default="0")


def _time(name: str) -> Column[float]:
    return Column(name, Float, nullable=False)


def _later(name: str) -> Column[float | None]:
    return Column(name, Float)


def _of(name: str, table: str, *, gone: str = "CASCADE", **options: Any) -> Column[Any]:
    return Column(name, _ID, ForeignKey(f"{table}.id", ondelete=gone), **options)


def _index(name: str, *columns: Any, where: ColumnElement[bool] | None = None, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


def listed(name: str, sort: type[TypeEngine[Any]] = BigInteger) -> Select[Any]:
    """Give the values of a JSON list that is bound under this name: numbers, unless said."""
    return select(Listed(sort())).select_from(EachOf(bindparam(name, type_=Text())))


ONE: Final = "LIMIT 1"  # as a suffix: a limit that is bound has SQLite plan a statement anew each time it is executed


def waits(state: State) -> ColumnElement[bool]:
    """Give the condition that a row of work is in this state, as the indexes have it."""
    return work.c.state == literal_column(f"'{state}'")


body = Table(
    "body",
    METADATA,
    _own_id(),
    _number("size"),
    _text("hash"),
    Column("named", Boolean, nullable=False),  # False: pieces committed ahead, named by no interchange yet
    _time("at"),
    _number("seal"),  # the key that seals it; 0: it is nobody's
    _later("forgotten"),
    sqlite_autoincrement=True,
)
unnamed: Final = body.c.named.is_(false())
_index("body_unnamed", body.c.id, where=unnamed)
sealed_body: Final = body.c.seal != literal_column("0")
_index("body_sealed", body.c.id, where=sealed_body)

chunk = Table(
    "chunk",
    METADATA,
    _of("body", "body", primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

interchange = Table(
    "interchange",
    METADATA,
    _own_id(),
    Column("direction", _TEXT, CheckConstraint("direction IN ('in', 'out')", name="direction"), nullable=False),
    _text("endpoint"),
    _text("name"),
    _text("mark"),
    _text("hash"),
    _number("size"),
    _of("body", "body", gone="RESTRICT", nullable=False),
    _text("mapping"),
    _text("kind"),
    _text("path"),
    _text("about"),
    _time("at"),
    _later("disposed"),
    _later("settled"),
    _text("configuration"),
    _number("part"),
    sqlite_autoincrement=True,
)
arrived: Final = interchange.c.direction == literal_column("'in'")
undisposed: Final = and_(arrived, interchange.c.disposed.is_(None))
unsettled: Final = and_(interchange.c.direction == literal_column("'out'"), interchange.c.settled.is_(None))
_c: Final = interchange.c
_index("interchange_seen", _c.endpoint, _c.name, _c.mark, _c.hash, unique=True, where=arrived)
_index("interchange_bytes", _c.endpoint, _c.hash, where=arrived)
_index("interchange_undisposed", _c.endpoint, where=undisposed)
_index("interchange_name", _c.endpoint, _c.name, unique=True, where=unsettled)
_index("interchange_body", _c.body)

document = Table(
    "document",
    METADATA,
    _own_id(),
    _text("kind"),
    _text("account"),
    _text("key"),
    Column("revision", Integer, nullable=False),
    Column("tree", Packed, nullable=False),
    _text("warehouse"),
    _text("partner"),
    _of("interchange", "interchange", gone="SET NULL"),
    Column("records", Packed, nullable=False),
    Column("kept", Packed, nullable=False),
    _text("about"),
    Column("end", _TEXT),
    Column("findings", Packed, nullable=False),
    _time("at"),
    _later("ended"),
    _number("seal"),  # the key that seals its tree; 0: it is nobody's
    _later("forgotten"),
    UniqueConstraint("account", "key", "kind", "revision"),  # found by its beginning: all of one key
    sqlite_autoincrement=True,
)
open_ended: Final = document.c.end.is_(None)
concerning: Final = document.c.about != literal_column("''")
_index("document_about", document.c.account, document.c.about, where=concerning)
_index("document_interchange", document.c.interchange, where=document.c.interchange.is_not(None))
sealed: Final = document.c.seal != literal_column("0")
_index("document_sealed", document.c.id, where=sealed)
_index("document_open", document.c.kind, where=open_ended)

kept = Table(
    "kept",
    METADATA,
    _own_id(),
    _text("account"),
    _text("key"),
    _text("name"),
    _text("value"),
    UniqueConstraint("account", "name", "value", "key"),
)
_index("kept_key", kept.c.account, kept.c.key, kept.c.name)

product = Table(
    "product",
    METADATA,
    Column("account", _TEXT, primary_key=True),
    Column("sku", _TEXT, primary_key=True),
    _text("asin"),
    _text("look"),  # what the SKU looks like (core.alike)
)
_index("product_look", product.c.account, product.c.look)

content = Table(
    "content",
    METADATA,
    _of("interchange", "interchange", primary_key=True),
    Column("place", Integer, primary_key=True),
    _of("document", "document", gone="RESTRICT", nullable=False),
    _number("round"),
    _text("route"),
    _text("verdict"),
)
routed: Final = content.c.route != literal_column("''")
_index("content_document", content.c.document)
_index(
    "content_round",
    content.c.route,
    content.c.document,
    content.c.round,
    unique=True,
    where=routed,
)

control = Table(  # by which numbers an acknowledgement may name what was sent
    "control",
    METADATA,
    _of("interchange", "interchange", primary_key=True),
    Column("name", _TEXT, primary_key=True),
)
_index("control_name", control.c.name, control.c.interchange)

work = Table(
    "work",
    METADATA,
    _own_id(),
    _text("station"),
    _text("route"),
    _text("subject"),
    _text("lane"),
    Column(
        "state",
        _TEXT,
        CheckConstraint(f"state IN ({', '.join(repr(str(state)) for state in State)})", name="state"),
        nullable=False,
    ),
    _time("due"),
    _number("attempts"),
    _number("holders"),
    _text("claim"),
    _text("worker"),  # whose claim it is, where there are several
    _later("until"),
    _text("awaits"),
    _later("give_up"),
    _text("then"),
    _text("reason"),
    _time("since"),
    _text("queue"),  # lane, station and route in one: what a claim takes its turns by
    UniqueConstraint("station", "route", "subject"),
    sqlite_autoincrement=True,
)
_index("work_ready", work.c.state, work.c.queue, work.c.due, work.c.id)
_index("work_awaits", work.c.awaits, where=waits(State.HELD))
_index("work_subject", work.c.subject)

attempt = Table(
    "attempt",
    METADATA,
    _of("interchange", "interchange", primary_key=True),
    Column("number", Integer, primary_key=True),
    _text("token"),
    _time("begun"),
    _later("staged"),
    _later("ended"),
    _text("outcome"),
    _text("receipt"),
    _text("home"),
)

event = Table(
    "event",
    METADATA,
    _own_id(),
    _time("at"),
    _text("subject"),
    _text("name"),
    Column("detail", Packed, nullable=False),
    _text("sign"),
    sqlite_autoincrement=True,
)
_index("event_subject", event.c.subject)
signed: Final = event.c.sign != literal_column("''")
_index("event_sign", event.c.sign, where=signed)

audit = Table(  # who did what, each row chained to the one before it
    "audit",
    METADATA,
    Column("id", _ID, primary_key=True, autoincrement=False),
    _time("at"),
    _text("who"),
    _text("act"),
    _text("about"),
    Column("detail", Packed, nullable=False),
    _text("chain"),
)

lane = Table(
    "lane",
    METADATA,
    Column("name", _TEXT, primary_key=True),
    Column("rate", Float, nullable=False, server_default="0"),  # per second; 0: no limit
    Column("burst", Float, nullable=False, server_default="1"),
    _number("calls"),  # at once, of all services; 0: no limit
    _number("each"),  # and of one of them
    Column("tokens", Float, nullable=False, server_default="1"),
    _time("counted"),  # when the tokens were
    _text("door"),  # the lane whose door it goes through; "": its own
    Column("closed", Float, nullable=False, server_default="0"),  # the door: until then nothing is claimed
    _text("reason"),
    _number("failures"),  # one after the other
    _number("by"),  # the row that failed last
    Column("since", Float, nullable=False, server_default="0"),  # when the first of them failed
    _number("logins"),  # refused, one after the other
)

bookmark = Table("bookmark", METADATA, Column("name", _TEXT, primary_key=True), _text("value"))

stock = Table(
    "stock",
    METADATA,
    Column("account", _TEXT, primary_key=True),
    Column("warehouse", _TEXT, primary_key=True),
    Column("sku", _TEXT, primary_key=True),
    Column("wanted", _ID, nullable=False),
    Column("item", Packed, nullable=False),
    _of("document", "document", gone="RESTRICT", nullable=False),
    Column("file", _ID, nullable=False),  # the number of the interchange that said it, kept when that is gone
    _time("at"),
    Column("sent", _ID),
    Column("sent_item", Packed),
    Column("accepted", _ID),
    Column("accepted_item", Packed),
    _of("part", "interchange", gone="SET NULL"),  # in flight
    Column("refused", Boolean, nullable=False, server_default=false()),
    Column("steps", Packed),  # how the site's rules made what is wanted; NULL: as it was said
)
unmet: Final = stock.c.item.is_distinct_from(stock.c.accepted_item)
differs: Final = and_(unmet, stock.c.part.is_(None), stock.c.refused.is_(false()))
_index("stock_differs", stock.c.account, stock.c.warehouse, stock.c.at, where=differs)
_index("stock_unmet", stock.c.document, where=unmet)
_index("stock_document", stock.c.document)  # asked for each document that goes
_index("stock_part", stock.c.part, where=stock.c.part.is_not(None))

counted = Table(  # what a warehouse counted of its own items, where levels are made of them
    "counted",
    METADATA,
    Column("account", _TEXT, primary_key=True),
    Column("warehouse", _TEXT, primary_key=True),
    Column("item", _TEXT, primary_key=True),
    Column("amount", _ID, nullable=False),
    Column("file", _ID, nullable=False),
    Column("doubted", Boolean, nullable=False, server_default=false()),  # named last with two counts
)

wanting = Table("wanting", METADATA, _of("document", "document", primary_key=True))  # has wants not known to be met

configuration = Table(
    "configuration",
    METADATA,
    Column("hash", _TEXT, primary_key=True),
    Column("files", Packed, nullable=False),
    _time("at"),
)

lookup = Table(  # rows that operators laid over lookup tables
    "lookup",
    METADATA,
    Column("table", _TEXT, primary_key=True),
    Column("key", _TEXT, primary_key=True),
    _text("rest"),
    _text("by"),
    _text("reason"),
    _time("at"),
)

worker = Table(  # who works on the book, where several do
    "worker",
    METADATA,
    Column("name", _TEXT, primary_key=True),
    _text("place"),
    _time("since"),
    _time("seen"),
)

forgetting = Table(  # keys that are to be destroyed: what they sealed is gone already
    "forgetting",
    METADATA,
    Column("seal", _ID, primary_key=True, autoincrement=False),
    _time("at"),
)

wrapped = Table(
    "wrapped",
    KEYS_METADATA,
    Column("id", _ID, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

move = Table(
    "move",
    MOVES_METADATA,
    _own_id(),
    _text("verb"),
    Column("arguments", Packed, nullable=False),
    _text("by"),
    _time("at"),
    _later("answered"),
    Column("ok", Boolean),
    _text("outcome"),
)
_index("move_waiting", move.c.id, where=move.c.answered.is_(None))
