"""The tables of the book, each defined once. What one row is: DESIGN, "The ledger".

Times are seconds since 1970 in UTC. Ids are never used twice. Partial indexes keep what is finished out of the way of
what waits, so that a claim costs what it claims.
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
    func,
    literal_column,
    select,
)

from translator.core.work import State
from translator.ledger.packed import Packed

HEAD: Final = "0001"  # the revision these tables are
METADATA: Final = MetaData()
MOVES_METADATA: Final = MetaData()  # the file of moves stands alone

_ID: Final = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows only where the type is INTEGER


def _own_id() -> Column[int]:
    return Column("id", _ID, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _number(name: str) -> Column[int]:
    return Column(name, _ID, nullable=False, server_default="0")


def _time(name: str) -> Column[float]:
    return Column(name, Float, nullable=False)


def _later(name: str) -> Column[float | None]:
    return Column(name, Float)


def _of(name: str, table: str, *, gone: str = "CASCADE", **options: Any) -> Column[Any]:
    return Column(name, _ID, ForeignKey(f"{table}.id", ondelete=gone), **options)


def listed(name: str) -> Select[Any]:
    """Give the values of a JSON list that is bound under this name."""
    return select(literal_column("value")).select_from(func.json_each(bindparam(name)))


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
    Column("sealed", Boolean, nullable=False),  # False: pieces committed ahead, named by no interchange yet
    _time("at"),
    sqlite_autoincrement=True,
)
Index("body_unsealed", body.c.id, sqlite_where=body.c.sealed == literal_column("0"))

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
    Column("direction", Text, CheckConstraint("direction IN ('in', 'out')", name="direction"), nullable=False),
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
Index("interchange_seen", _c.endpoint, _c.name, _c.mark, _c.hash, unique=True, sqlite_where=arrived)
Index("interchange_bytes", _c.endpoint, _c.hash, sqlite_where=arrived)
Index("interchange_undisposed", _c.endpoint, sqlite_where=undisposed)
Index("interchange_name", _c.endpoint, _c.name, unique=True, sqlite_where=unsettled)
Index("interchange_body", _c.body)

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
    Column("end", Text),
    Column("findings", Packed, nullable=False),
    _time("at"),
    _later("ended"),
    UniqueConstraint("account", "key", "kind", "revision"),  # found by its beginning: all of one key
    sqlite_autoincrement=True,
)
open_ended: Final = document.c.end.is_(None)
concerning: Final = document.c.about != literal_column("''")
Index("document_about", document.c.account, document.c.about, sqlite_where=concerning)
Index("document_interchange", document.c.interchange, sqlite_where=document.c.interchange.is_not(None))
Index("document_open", document.c.kind, sqlite_where=open_ended)

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
Index("kept_key", kept.c.account, kept.c.key, kept.c.name)

product = Table(
    "product",
    METADATA,
    Column("account", Text, primary_key=True),
    Column("sku", Text, primary_key=True),
    _text("asin"),
)

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
Index("content_document", content.c.document)
Index(
    "content_round",
    content.c.route,
    content.c.document,
    content.c.round,
    unique=True,
    sqlite_where=routed,
)

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
        Text,
        CheckConstraint(f"state IN ({', '.join(repr(str(state)) for state in State)})", name="state"),
        nullable=False,
    ),
    _time("due"),
    _number("attempts"),
    _number("holders"),
    _text("claim"),
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
Index("work_ready", work.c.state, work.c.queue, work.c.due, work.c.id)
Index("work_awaits", work.c.awaits, sqlite_where=waits(State.HELD))
Index("work_subject", work.c.subject)

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
Index("event_subject", event.c.subject)
signed: Final = event.c.sign != literal_column("''")
Index("event_sign", event.c.sign, sqlite_where=signed)

lane = Table(
    "lane",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("rate", Float, nullable=False, server_default="0"),  # per second; 0: no limit
    Column("burst", Float, nullable=False, server_default="1"),
    _number("calls"),  # at once; 0: no limit
    Column("tokens", Float, nullable=False, server_default="1"),
    _time("counted"),  # when the tokens were
    Column("closed", Float, nullable=False, server_default="0"),  # until then nothing is claimed
    _text("reason"),
)

bookmark = Table("bookmark", METADATA, Column("name", Text, primary_key=True), _text("value"))

stock = Table(
    "stock",
    METADATA,
    Column("account", Text, primary_key=True),
    Column("warehouse", Text, primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("wanted", _ID, nullable=False),
    Column("item", Packed, nullable=False),
    _of("document", "document", gone="RESTRICT", nullable=False),
    _time("at"),
    Column("sent", _ID),
    Column("sent_item", Packed),
    Column("accepted", _ID),
    Column("accepted_item", Packed),
    _of("part", "interchange", gone="SET NULL"),  # in flight
    Column("refused", Boolean, nullable=False, server_default=literal_column("0")),
)
unmet: Final = stock.c.item.is_distinct_from(stock.c.accepted_item)
differs: Final = and_(unmet, stock.c.part.is_(None), stock.c.refused == literal_column("0"))
Index("stock_differs", stock.c.account, stock.c.warehouse, stock.c.at, sqlite_where=differs)
Index("stock_unmet", stock.c.document, sqlite_where=unmet)
Index("stock_part", stock.c.part, sqlite_where=stock.c.part.is_not(None))

wanting = Table("wanting", METADATA, _of("document", "document", primary_key=True))  # has wants not known to be met

configuration = Table(
    "configuration",
    METADATA,
    Column("hash", Text, primary_key=True),
    Column("files", Packed, nullable=False),
    _time("at"),
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
Index("move_waiting", move.c.id, sqlite_where=move.c.answered.is_(None))
