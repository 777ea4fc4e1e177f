"""What has to come of a month of orders, by what Amazon and the warehouses were told, and nothing else of the translator's.

Every order and every record of a warehouse is looked for in the ledger, has an end (or is open, with a clock or for a
person, and may be so), and is counted. Whatever is otherwise is told, all of it at once.
"""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from translator.core.timeline import fold, running, stage

DAY = timedelta(hours=24)
SLACK = timedelta(hours=5)  # that turns and looks after a lost answer may take
SWEEP = timedelta(hours=9)  # until what Amazon shows late is seen
ONCE = ("submitAcknowledgement", "submitShipmentConfirmations", "createShippingLabels", "submitInvoice")
OVER = ("cancelled", "superseded", "closed", "refused", "denied", "rejected")
REFUSALS = {"OUT": "03"}


class Ends:
    """The end of each order and record. `faults`: what is not as it has to be."""

    def __init__(self, month, book):
        self.told, self.account = month.told, month.world.amazon.market.account
        self.account.settle(month.now)
        self.crashes = month.world.amazon.market.journal.crashes
        self.silent = month.silent
        self.found = Found(book)
        self.rows = defaultdict(list)  # order -> its records
        for row in self.told.rows:
            self.rows[row.order].append(row)
        self.faults, self.orders, self.records = [], Counter(), Counter()
        self.late = self.late_by_us = 0
        self.latest = self.longest = (
            timedelta()
        )  # until an acknowledgement; of that, as far as nobody else kept it waiting
        self._look()

    def _look(self):
        self._files()
        self._effects()
        for number in self.told.orders:
            self.orders[self._order(number)] += 1
            self._acknowledged(number)
        for row in self.told.rows:
            self._record(row)
        self._held()

    def _is(self, true, *words):
        if not true:
            self.faults.append(" ".join(map(str, words)))

    # --- what the warehouses saw, and what took effect

    def _files(self):
        times = Counter(one[:3] for one in self.told.seen)
        self._is(
            not [name for name, n in times.items() if n > 1], "seen twice:", [k for k, n in times.items() if n > 1]
        )
        self._is(not self.told.unreadable, "unreadable:", self.told.unreadable)
        for system, _, name, hashed in self.told.seen:
            self._is(hashed in self.found.sent[system, name], "not as it stands in the ledger:", name)

    def _effects(self):
        self._is(not self.crashes, "the pretend Amazon crashed", self.crashes[:1])
        for operation in ONCE:
            twice = [key for key, n in self.account.effects[operation].items() if n > 1]
            self._is(not twice, "took effect twice:", operation, twice)
            blind = operation in (
                "submitInvoice",
                "createShippingLabels",
            )  # sent once more where nothing can be read back
            again = dict(self.account.repeats[operation])
            self._is(blind or not again, "sent again after it had taken effect:", operation, again)
        billed = [order for orders in self.account.invoices.values() for order in orders]
        shipped = [number for number, order in self.account.orders.items() if order.status == "SHIPPED"]
        self._is(sorted(billed) == sorted(shipped), "invoiced is not what was shipped:", set(billed) ^ set(shipped))

    # --- orders

    def _order(self, number):
        """Judge one order; give its end in words."""
        order, line = self.account.orders[number], self.found.life(number)
        seen, customer = number in self.told.taken, number in self.told.cancelled
        self._is(seen or number not in self.told.withdrawn, number, "a cancellation of what was never there")
        if order.status == "SHIPPED":
            self._is(stage(line) == "confirmed", number, "is SHIPPED, and", stage(line))
            self._is(order.code == "00" and self._is_whole(number), number, "is confirmed, and was never shipped whole")
            self._tracked(number, order)
            return "confirmed"
        if order.status == "CANCELLED":
            self._is(stage(line) in OVER, number, "is CANCELLED, and", stage(line))
            if customer:
                return self._cancelled(number, seen)
            if order.code != "00":
                said = {REFUSALS.get(row.says) for row in self.rows[number] if row.says}
                self._is(order.code in said, number, "is refused, and no warehouse said so:", order.code)
                return "refused"
            self._is(number in self.told.denied, number, "is denied, and nobody said so")
            return "denied"
        self._is(order.status != "NEW", number, "was never acknowledged:", self.told.plans[number], stage(line))
        whole = self._is_whole(number)
        self._is(not whole, number, "was shipped whole, and never confirmed:", self.told.plans[number], stage(line))
        self._is(number not in self.told.denied, number, "was denied, and Amazon never heard of it")
        self._is(running(line), number, "is open, and no clock runs")
        return "open, with a clock"

    def _cancelled(self, number, seen):
        if not seen:
            return "cancelled, never at the warehouse"
        knows = number in self.told.denied or any(row.says in REFUSALS for row in self.rows[number])
        self._is(knows or number in self.told.withdrawn, number, "was cancelled, and its warehouse never heard of it")
        return "cancelled, and the warehouse was told"

    def _goods(self, number):
        """Give what a warehouse told of an order that was right, each once."""
        good = [row for row in self.rows[number] if row.sort == "good" and not row.says]
        return {(row.line, row.carton): row.amount for row in good}

    def _is_whole(self, number):
        there = Counter()
        for (line, _), amount in self._goods(number).items():
            there[line] += amount
        return there == Counter({line.number: line.quantity for line in self.told.asked.get(number, ())}) and bool(
            there
        )

    def _tracked(self, number, order):
        """Compare the parcels that Amazon was told of with those that left; where it made the label, with that."""
        mine = {f"1Z{carton}" for _, carton in self._goods(number)}
        labels = {package.tracking for label in order.labels[-1:] for package in label.packages}
        self._is(order.tracking == (labels or mine), number, "other parcels:", order.tracking, labels or mine)

    def _acknowledged(self, number):
        order, visible = self.account.orders[number], self.told.visible[number]
        if order.acknowledged is None:
            return
        took = order.acknowledged - visible
        ours = took - _covered(self._others(number), visible, order.acknowledged)
        self.latest, self.longest = max(self.latest, took), max(self.longest, ours)
        if took > DAY:
            self.late += 1
            self.late_by_us += ours > SLACK
            self._is(ours <= SLACK, number, "was acknowledged late by us:", took, "of which ours:", ours)

    def _others(self, number):
        """Give the times in which an acknowledgement waited for others: Amazon, the machine, a folder, a warehouse, a person."""
        visible = self.told.visible[number]
        placed = datetime.fromisoformat(self.told.orders[number]["orderDetails"]["orderDate"])
        late = [(visible, visible + SWEEP)] if visible - placed > timedelta(minutes=1) else []
        gone = self.told.gone.get(self.found.systems.get(number, ""), ())
        return [(visible, self._spoke(number)), *late, *self.told.lost, *gone, *self.told.looked.get(number, ())]

    def _spoke(self, number):
        """Give when all was there that its acknowledgement may wait for."""
        system = self.found.systems.get(number, "")
        visible = self.told.visible[number]
        if system == "plain-csv":
            return min(self.told.taken.get(number, visible + self.silent), visible + self.silent)
        said = [row.at for row in self.rows[number] if row.system == "plain-fixed" and row.says and row.sort != "bad"]
        return min(said, default=visible + 2 * DAY) if system == "plain-fixed" else visible

    # --- records

    def _record(self, row):
        found = self.found.end_of(row)
        self._is(found, row.file, row.order, "is lost:", row.sort, row.line)
        self.records[found or "lost"] += 1
        if found:
            lawful = self._lawful(row)
            words = (row.file, row.order, row.sort, row.line, "is", found, "and not", sorted(lawful))
            self._is(found in lawful, *words, self.told.plans.get(row.order))
        if found == "rejected":
            files = {
                one.file for one in self.rows[row.order]
            }  # what was gathered is answered by the file that began it
            told = any(row.order in text and any(file in text for file in files) for text in self.told.answers)
            self._is(told or row.sort == "cut", row.file, row.order, "was rejected, and no answer says so")

    def _lawful(self, row):
        """Give what may become of a record."""
        if row.sort == "nobody":
            return {"rejected"}
        if row.sort == "cut":
            return {"rejected"}
        order = self.account.orders[row.order]
        if row.sort == "bad":  # of an order that was cancelled a person is asked before anything else
            return {"rejected"} if order.status != "CANCELLED" else {"rejected", "open", "superseded"}
        cancelled = order.status == "CANCELLED"  # Amazon may refuse what crosses its cancellation
        spoilt = {"rejected"} if cancelled or any(one.sort == "bad" for one in self.rows[row.order]) else set()
        again = {"duplicate"} if row.sort == "copy" else set()
        if row.says:
            return self._answered(row, order) | spoilt | again
        if order.status == "SHIPPED":
            return {"accepted"} | spoilt | again
        return {"open", "closed", "superseded"} | spoilt | again

    def _answered(self, row, order):
        """Give what may become of an answer to an order: Amazon's word may have come first."""
        if row.says == "SHORT":
            return {"accepted"} if order.code == "00" and order.confirmed else {"open", "superseded"}
        if row.order in self.told.cancelled:
            return {"accepted", "superseded", "open"}
        return {"accepted"}

    def _held(self):
        """Nothing waits for a person but what is lawfully open, nor for anything else but the goods of open orders."""
        for order, why in self.found.waiting:
            known = self.account.orders.get(order)
            ended = known is None or known.status == "SHIPPED"
            self._is(not ended, order or "?", "is over, and something waits:", why)


class Found:
    """What the ledger says, as rows."""

    def __init__(self, book):
        self._book = book
        self._asked = book._connection.exec_driver_sql
        self.systems = {key: partner_of(warehouse) for key, warehouse in self._orders()}
        self.arrived, self.sent = defaultdict(list), defaultdict(set)
        for number, direction, endpoint, name, hashed in self._all(
            "id, direction, endpoint, name, hash", "interchange"
        ):
            system = endpoint.partition("/")[0]
            if direction == "in":
                self.arrived[system, name].append(number)
            else:
                self.sent[system, name].add(hashed)
        self._documents = defaultdict(list)
        for number, kind, key, about, end, file in self._all("id, kind, key, about, end, interchange", "document"):
            self._documents[file].append((number, kind, about or key, end))
        self._ends = {one[0]: one[3] for some in self._documents.values() for one in some}
        self._work = book.work.find()
        self._subjects = {work.subject for work in self._work}
        self.waiting = list(self._waiting())

    def _all(self, columns, table):
        return self._asked(f"SELECT {columns} FROM {table}").all()

    def _orders(self):
        return self._asked("SELECT key, warehouse FROM document WHERE kind = 'order'").all()

    def life(self, number):
        return fold(self._book.events.of(f"us {number}"))

    def end_of(self, row):
        """Give what became of a record; empty: it is nowhere."""
        for file in self.arrived[row.system, row.file]:
            names = {event.name for event in self._book.events.of(f"interchange {file}")}
            if "duplicate" in names:
                return "duplicate"
            mine = [one for one in self._documents[file] if one[2] == row.order and one[1] != "answer"]
            if mine:
                ends = [self._end(one) for one in mine]
                # of two parts of an order in one file it is one that is at fault, and both are noted as such
                return "rejected" if row.sort == "bad" and "rejected" in ends else ends[-1]
            if joined := self._joined(row):
                return joined
            if f"{file}:{row.order}" in self._subjects or str(file) in self._subjects:
                return "open"
            if any(one[1] == "unread" for one in self._documents[file]):
                return "rejected"
        return ""

    def _end(self, document):
        number, end = document[0], document[3]
        return end or ("open" if self._waits(number) else "")

    def _waits(self, number):
        """Tell whether a document without an end is in somebody's hands."""
        if f"document:{number}" in self._subjects:
            return True
        return any(str(place) in self._subjects for place, _ in self._book.contents.where(number))

    def _joined(self, row):
        """Give the end of the document that a record completed."""
        for event in self._book.events.of(f"us {row.order}"):
            if event.name == "shipment_confirmation more" and event.detail.get("file") == row.file:
                about = self._book.documents.about("us", row.order, "shipment_confirmation")
                known = [one for one in about if one.at <= event.at and str(one.end) != "duplicate" and not _cut(one)]
                return self._end((known[-1].id, "", "", known[-1].end and str(known[-1].end))) if known else ""
        return ""

    def _waiting(self):
        for work in self._work:
            if work.station == "collect" and work.state != "held":
                continue
            sort, _, number = work.subject.partition(":")
            if sort in ("document", "rejected") or (sort == "contradicted" and number.isdigit()):
                stored = self._book.documents.get(int(number))
                yield stored.about or stored.key, work.reason
            elif work.station in ("send", "settle"):
                for stored in self._book.documents.lying_in(int(sort)):
                    yield stored.about or stored.key, work.reason
            else:
                yield number.rpartition(":")[2], f"{work.station} {work.route} {work.subject}: {work.reason}"


def _cut(document):
    """Tell what was rejected since its file was cut short: it was never there to be completed."""
    return any(finding.code == "record-missing" for finding in document.findings)


def _covered(parts, begin, end):
    """Give how much of a time lies in some parts, which may overlap."""
    there, covered = begin, timedelta()
    for one, other in sorted(parts):
        there = max(there, one)
        if there < min(other, end):
            covered += min(other, end) - there
            there = min(other, end)
    return covered


def partner_of(warehouse):
    return {"EWR1": "plain-csv", "RNO4": "plain-fixed", "DFW6": "plain-xml"}.get(warehouse, "")


def judge(month):
    """Look at all of it; give the ends. Raises AssertionError with everything that is not as it has to be."""
    with month.road.look() as book:
        ends = Ends(month, book)
    assert not ends.faults, "\n".join([f"{len(ends.faults)} faults", *ends.faults[:60]])
    assert sum(ends.records.values()) == len(month.told.rows)
    assert sum(ends.orders.values()) == len(month.told.orders)
    return ends
