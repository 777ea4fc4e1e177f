"""What follows from the site: who is asked for what (sources), and who takes which documents (routes).

Each operation of each account is a lane of its own, since Amazon limits them so; all of a sandbox's share one. What
Amazon has about one order (a label, a packing slip) is a source without turns: it is asked order by order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from translator.config.site import Account, Route, Source, System
from translator.documents.kind import Operation, kinds
from translator.translation import Translation, standard

ACKNOWLEDGEMENT: Final = "functional_acknowledgement"
LOOK: Final = 5.0  # seconds until Amazon is first asked what became of a submission


def sources_of(accounts: Mapping[str, Account], systems: Mapping[str, System]) -> tuple[Source, ...]:
    """Derive what is collected: what each account has, each folder under `from`."""
    return (
        *(source for account in accounts.values() for source in _amazon(account)),
        *(source for system in systems.values() for source in _folders(system)),
    )


def routes_of(
    accounts: Mapping[str, Account], systems: Mapping[str, System], translations: Mapping[str, Translation]
) -> tuple[Route, ...]:
    """Derive who takes what: each operation of each account, each writing mapping of each system."""
    ours = (_submit(account, kind, one) for account in accounts.values() for kind, one in operations().items())
    theirs = (route for system in systems.values() for route in _written(system, translations))
    return (*ours, *theirs)


def operations() -> dict[str, Operation]:
    """Give the operation of every kind that Amazon takes."""
    return {kind.name: kind.operation for kind in kinds().values() if kind.operation}


def lane_of(account: Account, operation: str) -> str:
    """Name the lane of an operation of an account."""
    return f"{account.name}/{'sandbox' if account.sandbox else operation}"


def brought() -> dict[str, str]:
    """Give the operation that brings each kind: in the answer to a request, or asked for by the order's number."""
    answers = {one.brings: one.name for one in operations().values() if one.brings}
    return answers | {kind.name: kind.fetch.one for kind in kinds().values() if kind.fetch}


def _amazon(account: Account) -> Iterator[Source]:
    yield _asked(account, "orders", "getOrders", "order", account.every)
    for kind, lane in brought().items():
        yield _asked(account, kind, lane, kind, 0.0)


def _asked(account: Account, name: str, operation: str, kind: str, every: float) -> Source:
    lane = lane_of(account, operation)
    return Source(f"{account.name}/{name}", account.name, account.name, (), lane, every, kind)


def _submit(account: Account, kind: str, operation: Operation) -> Route:
    name, lane = f"{account.name}/{kind}", lane_of(account, operation.name)
    return Route(name, name, kind, account.name, account.name, "", frozenset(), lane, 0.0, LOOK)


def _folders(system: System) -> Iterator[Source]:
    for folder, out_of in system.from_.items():
        names = tuple(f"{system.name}/{mapping}" for mapping in out_of.mappings)
        yield Source(
            f"{system.name}/{folder}",
            system.name,
            system.account,
            names,
            _lane(system),
            system.every,
            expect=out_of.expect,
        )


def _written(system: System, translations: Mapping[str, Translation]) -> Iterator[Route]:
    look = 0.0 if system.settled == "sent" else system.every
    said = acknowledges(system, translations)
    for folder, into in system.to.items():
        for mapping in into.mappings:
            name = f"{system.name}/{mapping}"
            for kind in translations[name].file.kinds:
                acked = standard(translations[name]) if kind != ACKNOWLEDGEMENT else ""
                acked = acked if acked in said else ""
                yield Route(
                    name=f"{system.name}/{folder}/{mapping.removesuffix('.yaml')}"
                    + ("" if len(translations[name].file.kinds) == 1 else f":{kind}"),
                    endpoint=f"{system.name}/{folder}",
                    kind=kind,
                    partner=system.name,
                    account=system.account,
                    mapping=name,
                    serves=frozenset(system.warehouses),
                    lane=_lane(system),
                    wait=system.wait,
                    look=look or (system.every if acked else 0.0),
                    names=into.names,
                    late=system.late if into.late is None else into.late,
                    acked=acked,
                )


def acknowledges(system: System, translations: Mapping[str, Translation]) -> frozenset[str]:
    """Name the standards by which a system says that it could read our files: those of which it sends acknowledgements."""
    names = [f"{system.name}/{mapping}" for out_of in system.from_.values() for mapping in out_of.mappings]
    made = [translations[name] for name in names if name in translations]
    return frozenset(standard(one) for one in made if ACKNOWLEDGEMENT in one.file.kinds)


def looks_of(system: str) -> str:
    """Name the lane of the looks at what was put into a system's folders: one look answers for many rows."""
    return f"{system}/look"


def _lane(system: System) -> str:
    return f"{system.name}/place"
