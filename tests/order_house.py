"""A warehouse in the month of orders: what it takes, answers, ships, and does wrong; and what was told to whom (`Told`)."""

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.road.conftest import LOCAL
from tests.world import FIXED, XML, hash_of
from translator.simulator.dialects import DIALECTS, Answer, Packed, Shipment, write_fixed_acks

HOUR, DAY = 3_600.0, 86_400.0
SHOP = replace(LOCAL, when="taken")  # acknowledged when taken, or after a silence; kits and packs
LISTS = replace(FIXED, ways=None)  # by its own files
PRINTS = replace(XML, ways=None, labels=True)  # when delivered; by labels of Amazon
SYSTEMS = (SHOP, LISTS, PRINTS)
SPOILT = ("again", "later again", "bad", "many", "line", "nobody", "method", "cut")
"""What becomes of a ship file; of ten, nine are as they should be."""


@dataclass
class Row:
    """One record of a warehouse: a line of an order in a ship file, or its answer to an order."""

    file: str
    system: str
    order: str
    at: datetime
    sort: str  # good, bad (it, or what stands with it, is at fault), cut, nobody, copy
    line: str = ""
    amount: int = 0
    carton: str = ""
    says: str = ""  # of an answer: its code


@dataclass
class Told:
    """What was told to whom: what has to come of it follows from this alone."""

    orders: dict = field(default_factory=dict)  # number -> body
    visible: dict = field(default_factory=dict)  # number -> when Amazon first shows it
    plans: dict = field(default_factory=dict)
    cancelled: dict = field(default_factory=dict)  # number -> when, by Amazon's customer
    taken: dict = field(default_factory=dict)  # number -> when a warehouse took its file
    asked: dict = field(default_factory=dict)  # number -> lines as the warehouse was asked
    withdrawn: dict = field(default_factory=dict)  # number -> when a warehouse took the cancel file
    denied: set = field(default_factory=set)
    seen: list = field(default_factory=list)  # (system, folder, name, hash) of each file a warehouse took
    answers: list = field(default_factory=list)  # text of each
    rows: list = field(default_factory=list)
    unreadable: list = field(default_factory=list)
    lost: list = field(default_factory=list)  # (from, to) in which Amazon, or the machine of the service, was away
    gone: dict = field(default_factory=dict)  # warehouse -> (from, to) in which its folder was away
    looked: dict = field(default_factory=dict)  # number -> (from, to) in which what was lost twice waited for a person


class House:
    """One warehouse: takes what it sees, does as planned, and tells so in files."""

    def __init__(self, month, system):
        self.month, self.system, self.told = month, system, month.told
        self.dialect = DIALECTS[system.preset.removeprefix("plain-")]
        self.dice = self.luck = random.Random(f"{month.seed} {system.called}")  # luck: of one look
        self._ready = []  # (when, number, rows) to ship
        self._acks = []  # (when, answer)
        self._files, self._looks, self._gone = 0, 0, False
        self._shipped = {}  # number -> rows told so far, since all of it was told again
        self._mending = set()  # numbers of which all is told again in some hours

    def away(self):
        """Take the whole folder away for some hours, as a share that is not there."""
        if not self._gone:
            self.month.outages += 1
            self._move("", ".away")
            self._gone = True
            end = self.month.now + timedelta(hours=self.dice.uniform(1, 6))
            self.told.gone.setdefault(self.system.called, []).append((self.month.now, end))
            self.month.at(end, self._back)

    def _back(self):
        self._move(".away", "")
        self._gone = False

    def _move(self, before, after):
        folder = self.month.world.folder(self.system)
        folder.with_name(folder.name + before).rename(folder.with_name(folder.name + after))

    def look(self):
        """Take and answer, on weekdays by day."""
        now = self.month.now
        self._looks += 1
        self.luck = random.Random(f"{self.month.seed} {self.system.called} {self._looks}")
        if self._gone or not _works(now):
            return
        for below in ("in/orders", "in/labels", "in/answers"):
            self._take(below)
        self._acknowledge(now)
        due = [one for one in self._ready if one[0] <= now]
        self._ready = [one for one in self._ready if one[0] > now]
        while due:
            many = self.luck.choice((1, 1, 2, 4))
            some, due = due[:many], due[many:]
            self._ship([(number, self._rows(number, rows)) for _, number, rows in some if self._still(number[0])])

    def _rows(self, number, rows):
        """Give the rows to tell; where none are said, all that was told of the order: something of it was at fault."""
        if rows is None:
            self._mending.discard(number[0])
            return self._shipped.pop(number[0])
        return rows

    def _still(self, number):
        """Tell whether it ships an order although it was told to cancel it: it may be on the truck."""
        return number not in self.told.withdrawn or self.luck.random() < 0.2

    def _take(self, below):
        world = self.month.world
        for name in world.visible(self.system, below):
            path = world.folder(self.system, below) / name
            data = path.read_bytes()
            path.unlink()
            self.told.seen.append((self.system.called, below, name, hash_of(data)))
            if below == "in/orders":
                self._read(name, data)
            elif below == "in/answers":
                self.told.answers.append(data.decode("utf-8", "replace"))

    def _read(self, name, data):
        now = self.month.now
        try:
            if name.startswith(self.dialect.cancels):
                self.told.withdrawn[self.dialect.read_cancel(data)] = now
                return
            order = self.dialect.read_order(data)
        except (ValueError, KeyError, IndexError):
            self.told.unreadable.append(name)
            return
        self.told.taken[order.number], self.told.asked[order.number] = now, order.lines
        self._decide(order)

    def _decide(self, order):
        """Do with an order as planned."""
        number, now = order.number, self.month.now
        dice, plan = random.Random(f"{self.month.seed} {number}"), self.told.plans[number]
        if self.system is LISTS:
            code = "OUT" if plan == "turned down" else "OK"
            wait = dice.uniform(10, 40) * HOUR if dice.random() < 0.06 else dice.uniform(0, 3) * HOUR
            self._acks.append((now + timedelta(seconds=wait), Answer(number, code, f"W{len(self.told.taken):07}")))
        if plan == "never" or (plan == "turned down" and self.system is LISTS):
            return
        ready = now + timedelta(seconds=dice.uniform(0.5, 30) * HOUR)
        if plan == "turned down":
            self.month.at(ready, lambda: self._deny(order))
            return
        cartons = _halves(order.lines, 2 if plan == "parts" and self.system is not PRINTS else 1)
        if plan == "short":
            cartons = _short(order.lines)
        for place, lines in enumerate(cartons):
            rows = [(line.number, line.quantity, f"C{number}{place}") for line in lines]
            later = dice.uniform(0, 20) * HOUR * place
            self._ready.append((ready + timedelta(seconds=later), (number, order.method), rows))

    def _deny(self, order):
        """Say that it cannot be shipped after all: in its own words, or by a person."""
        self.told.denied.add(order.number)
        if self.system is PRINTS:
            shipped = self.month.now - timedelta(hours=1)
            text = f'<Shipments><Shipment order="{order.number}" shipped="{shipped:%Y-%m-%dT%H:%M:%SZ}" status="SHORT">'
            text += f"<Method>{order.method}</Method></Shipment></Shipments>"
            self.month.at(self.month.now, lambda: self._lay_denial(order.number, text))
        else:
            self._operate(order.number)

    def _lay_denial(self, number, text):
        if self._gone:
            self.month.at(self.month.now + timedelta(hours=1), lambda: self._lay_denial(number, text))
            return
        name = self._lay("out/ship", self.dialect.ship, text.encode())
        self.told.rows.append(Row(name, self.system.called, number, self.month.now, "good", says="SHORT"))

    def _operate(self, number, tries=30):
        """Have a person deny an order, once Amazon took its acknowledgement."""
        stage = self.month.road.stage(number)
        if stage == "acknowledged":
            self.month.ask("deny", number, "lost on the shelf")
        elif tries and stage not in ("cancelled", "superseded"):
            again = self.month.now + timedelta(hours=2)
            self.month.at(again, lambda: self._operate(number, tries - 1))

    # --- its files

    def _acknowledge(self, now):
        due = [answer for at, answer in self._acks if at <= now]
        self._acks = [one for one in self._acks if one[0] > now]
        while due:
            some, due = due[:5], due[5:]
            way = self.luck.choices(("right", "code", "again", "nobody"), (90, 3, 4, 3))[0]
            written = list(some)
            if way == "code":
                written[0] = replace(some[0], code="WHAT")
                self._acks.append((now + timedelta(hours=2), some[0]))
            if way == "nobody":
                written.append(Answer(self._nobody(), "OK", "W9"))
            data = write_fixed_acks(written)
            sorts = {answer.order: "good" for answer in some} | ({some[0].order: "bad"} if way == "code" else {})
            self._answers(data, written, sorts)
            if way == "again":
                self._answers(data, written, dict.fromkeys(sorts, "copy"))

    def _answers(self, data, written, sorts):
        name = self._lay("out/acks", self.dialect.ack, data)
        for one in written:
            sort = sorts.get(one.order, "nobody")
            self.told.rows.append(Row(name, self.system.called, one.order, self.month.now, sort, says=one.code))

    def _nobody(self):
        return f"X{self.luck.randrange(10**8):08}"

    def _ship(self, some):
        if not some:
            return
        way = self.luck.choice(SPOILT) if self.luck.random() < 0.12 else ""
        now = self.month.now
        told, sorts = [], {}
        for (number, method), rows in some:
            told.append([number, method, list(rows)])
            sorts[number] = "good"
            self._shipped.setdefault(number, []).extend(rows)
        first = told[0]
        if way in ("bad", "many", "line", "method"):
            sorts[first[0]] = "bad"
            line, _, carton = first[2][0]
            if way == "line":
                first[2].append(("77", 1, carton))
            elif way == "method":
                first[1] = "ZZZ"
            else:
                first[2][0] = (line, "x5" if way == "bad" else 9_999, carton)
            again = (first[0], some[0][0][1])
            if first[0] not in self._mending:
                self._mending.add(first[0])
                self._ready.append((now + timedelta(hours=4), again, None))
        if way == "nobody":
            nobody = self._nobody()
            told.append([nobody, first[1], [("1", 1, "C1")]])
            sorts[nobody] = "nobody"
        data = self._written(told, now)
        if way == "cut" and self.system is LISTS:
            whole, data = data, data[: data.rindex(b"\r\nT") + 2]
            self._tell(data, told, dict.fromkeys(sorts, "cut"))
            self._tell(whole, told, sorts)
            return
        self._tell(data, told, sorts)
        if way == "again":
            self._tell(data, told, {number: "copy" if sort == "good" else sort for number, sort in sorts.items()})
        elif way == "later again":
            data = self._written(told, now + timedelta(minutes=2))
            self._tell(data, told, {number: "copy" if sort == "good" else sort for number, sort in sorts.items()})

    def _written(self, told, now):
        zone = ZoneInfo(self.system.zone)
        shipments = [
            Shipment(number, method, now - timedelta(hours=1), tuple(_packed(row) for row in rows))
            for number, method, rows in told
        ]
        return self.dialect.write_ship(shipments, zone)

    def _tell(self, data, told, sorts):
        name = self._lay("out/ship", self.dialect.ship, data)
        for number, _, rows in told:
            for line, amount, carton in rows:
                sort = sorts[number]
                row = Row(name, self.system.called, number, self.month.now, sort, line, amount, carton)
                self.told.rows.append(row)

    def _lay(self, below, pattern, data):
        self._files += 1
        name = pattern.format(self._files)
        self.month.world.place(self.system, below, name, data)
        return name


def _packed(row):
    line, amount, carton = row
    return Packed(line, str(amount), carton, f"1Z{carton}", Decimal("1.25"))


def _works(now):
    return now.weekday() < 5 and 6 <= now.hour < 20


def _halves(lines, parts):
    """Divide an order for cartons: its lines, or the pieces of its only one."""
    if parts == 1:
        return [list(lines)]
    if len(lines) > 1:
        return [list(lines[::2]), list(lines[1::2])]
    half = lines[0].quantity // 2
    return [[replace(lines[0], quantity=part)] for part in (half, lines[0].quantity - half) if part]


def _short(lines):
    """Leave something out, and never send it."""
    if len(lines) > 1:
        return [list(lines[1:])]
    return [[replace(lines[0], quantity=lines[0].quantity - 1)]] if lines[0].quantity > 1 else []
