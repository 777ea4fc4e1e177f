"""From the site to its places: an endpoint for each source and route, a limit for each lane.

Promises: one connection per SFTP server and per vendor account, whatever the number of folders and operations. In
trouble: Misconfigured, where a secret that is needed at once is not there (LWA's are read when a token is asked for).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final

from translator.config.routes import lane_of, looks_of, operations
from translator.config.site import Account, Complete, LocalPlace, SftpPlace, Site, System
from translator.core.finding import Findings, Misconfigured
from translator.core.ports import Clock, Faults, NoFaults
from translator.documents.kind import Operation, kinds
from translator.documents.label_request import asynchronous
from translator.endpoints import spapi
from translator.endpoints.endpoint import Endpoint
from translator.endpoints.files import LocalFiles
from translator.endpoints.folder import Folder
from translator.endpoints.mounts import far
from translator.endpoints.options import MOST, Options
from translator.endpoints.porter.folder import PortedFolder
from translator.endpoints.porter.lines import Porter
from translator.endpoints.sftp_folder import SftpFolder
from translator.endpoints.spapi import Bringing, Credentials, Fetched, Hosts, Labels, Logins, Orders, Rules, Submission
from translator.service.servers import Servers
from translator.service.whereabouts import asides_of, below

RATE: Final = 10.0  # Amazon's usage plan of each operation, a second
SANDBOX: Final = (5.0, 15.0)  # of all operations of a sandbox together: a second, and at once
QUIET: Final = 10.0  # seconds a file must stand unchanged on a disk of this machine
QUIET_REMOTE: Final = 30.0  # and on a server or a share: a link stalls longer than a disk
FOLLOWED: Final = "getTransactionStatus"
SLOW: Final = {"createShippingLabels": 16, "createContainerLabel": 16}  # their answers take seconds (reference §6.1)
LOCAL: Final = 128  # files of one local system at once: more than its workers, so that their commits are shared
AT_ONCE: Final = 4  # of one operation; its rate is the limit, this keeps an outage from taking all workers


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one lane: `rate` per second, `calls` at once, `each` of them by one service; 0 is no limit.

    `door`: of which lane, if not its own.
    """

    name: str
    rate: float = 0.0
    burst: float = 1.0
    calls: int = 0
    each: int = 0
    door: str = ""


def endpoints_of(
    site: Site, clock: Clock, faults: Faults | None = None, porter: Porter | None = None
) -> dict[str, Endpoint]:
    """Make every endpoint of a site, by the name its sources and routes have for it. Raises Misconfigured.

    `porter`: who carries for the folders of this machine, if not the threads of this process.
    """
    found: dict[str, Endpoint] = {}
    findings = Findings()
    logins, servers = Logins(), Servers()
    makers = [partial(_amazon, account, logins) for account in site.accounts.values()]
    for make in (*makers, *(partial(_warehouse, site, system, servers, porter) for system in site.systems.values())):
        try:
            found |= make(clock, faults or NoFaults())
        except Misconfigured as error:
            findings.found.extend(error.findings)
    if findings.failed:
        close(found.values())
        raise Misconfigured(findings.found)
    return found | _asides(site, clock, faults or NoFaults())


def close(endpoints: Iterable[Endpoint]) -> None:
    """Let go of all connections."""
    for endpoint in endpoints:
        endpoint.close()


def lanes_of(site: Site) -> list[Limits]:
    """Give the limits of each lane."""
    asked = [(source.lane, source.partner) for source in site.sources]
    taken = [(route.lane, route.partner) for route in site.routes]
    followed = [(lane_of(account, FOLLOWED), account.name) for account in site.accounts.values()]
    amazon = [
        Limits(lane, *(SANDBOX if site.accounts[name].sandbox else (RATE, RATE)), _at_once(lane))
        for lane, name in dict.fromkeys(asked + taken + followed)
        if name in site.accounts
    ]
    return amazon + [limits for system in site.systems.values() for limits in _lanes_of(system)]


def _lanes_of(system: System) -> tuple[Limits, Limits]:
    """Give the limits of a warehouse's lanes: all that is done there goes through one door."""
    at = system.place
    calls, each = (at.calls, at.each) if isinstance(at, SftpPlace) else (LOCAL, 0)
    place = f"{system.name}/place"
    return Limits(place, calls=calls, each=each), Limits(looks_of(system.name), door=place)


def _at_once(lane: str) -> int:
    """Say how many calls of an operation are under way at once."""
    return SLOW.get(lane.partition("/")[2], AT_ONCE)


def account_of(
    account: Account, clock: Clock, faults: Faults | None = None, logins: Logins | None = None
) -> spapi.Account:
    """Connect to one vendor account; nothing is asked yet. `logins`: what is shared with other accounts of one login."""
    credentials = Credentials(account.client_id, account.client_secret.read, account.refresh_token.read)
    return spapi.Account(hosts_of(account), credentials, clock, faults, logins=logins)


def hosts_of(account: Account) -> Hosts:
    """Say where Amazon is for an account: at its own address, in the sandbox of its region, or in its region."""
    return spapi.hosts(account.region, account.url, account.login_url, sandbox=account.sandbox)


def rules_of(account: Account) -> Rules:
    """Say how the orders of an account are polled."""
    return Rules(account.start, lag=timedelta(seconds=account.lag), sweep=timedelta(seconds=account.sweep))


def _amazon(account: Account, logins: Logins, clock: Clock, faults: Faults) -> dict[str, Endpoint]:
    made = account_of(account, clock, faults, logins)
    found: dict[str, Endpoint] = {f"{account.name}/orders": Orders(made, rules_of(account))}
    for kind, operation in operations().items():
        found[f"{account.name}/{kind}"] = _taking(made, operation, clock)
    fetched = ((one.name, one.fetch) for one in kinds().values() if one.fetch)
    found |= {f"{account.name}/{kind}": Fetched(made, clock, fetch) for kind, fetch in fetched}
    return found


def _taking(made: spapi.Account, operation: Operation, clock: Clock) -> Endpoint:
    """Make the endpoint of an operation: what it answers with says of which type it is."""
    if operation.otherwise:
        return Labels(made, clock, operation.otherwise, asynchronous)
    return Bringing(made) if operation.brings else Submission(made, operation.name)


def _asides(site: Site, clock: Clock, faults: Faults) -> dict[str, Endpoint]:
    """Put folders in the place of all that would be submitted."""
    return {name: _folder(clock, faults, str(path), Options()) for name, path in asides_of(site).items()}


def _folder(clock: Clock, faults: Faults, path: str, options: Options) -> Endpoint:
    return Folder(path, LocalFiles(), clock, options, faults)


def _warehouse(
    site: Site, system: System, servers: Servers, porter: Porter | None, clock: Clock, faults: Faults
) -> dict[str, Endpoint]:
    options = Options(archive=system.dispose, empty=_markers(site, system))
    place = system.place
    folders = {
        folder: written_into(
            read_out_of(replace(options, most=_most(site, system, folder)), system, folder), system, folder
        )
        for folder in dict.fromkeys([*system.to, *system.from_])
    }
    if isinstance(place, LocalPlace):
        local = partial(PortedFolder, porter) if porter else partial(_folder, clock, faults)
        return {f"{system.name}/{folder}": local(str(place.root / folder), own) for folder, own in folders.items()}
    server = servers.of(place)
    return {
        f"{system.name}/{folder}": SftpFolder(server, below(place.root, folder), clock, own, faults)
        for folder, own in folders.items()
    }


def read_out_of(options: Options, system: System, folder: str) -> Options:
    """Give the options of a folder with what the site says of when its files are complete."""
    complete = system.from_[folder].complete if folder in system.from_ else Complete()
    quiet = _quiet(system, complete) if complete.quiet is None else complete.quiet
    return replace(options, quiet=quiet, done=complete.done, ends=complete.ends, ignore=complete.unfinished)


def written_into(options: Options, system: System, folder: str) -> Options:
    """Give the options of a folder with what the site says of how files are put there."""
    into = system.to.get(folder)
    if into is None:
        return options
    mode = options.mode if into.mode is None else into.mode
    return replace(options, done=into.done, caseless=into.names != "any", mode=mode)


def _quiet(system: System, complete: Complete) -> float:
    """Say how long a file must stand unchanged: with a done-file not at all, unless one that is left tells of the next."""
    if complete.done and system.dispose != "leave":
        return 0.0
    remote = isinstance(system.place, SftpPlace) or far(str(system.place.root))
    return (QUIET_REMOTE if remote else QUIET) if system.quiet is None else system.quiet


def _most(site: Site, system: System, folder: str) -> int:
    """Give the bytes of the largest file that any mapping reads out of a folder: they say more or less than is usual."""
    mappings = system.from_[folder].mappings if folder in system.from_ else ()
    files = (site.translations[f"{system.name}/{mapping}"].file for mapping in mappings)
    layouts = (layout for file in files for layout in (file, *file.files.values()))
    return max((layout.limits.file for layout in layouts), default=MOST)


def _markers(site: Site, system: System) -> tuple[str, ...]:
    """Give the names of the files that say all by being there, as patterns."""
    names = (f"{system.name}/{mapping}" for out_of in system.from_.values() for mapping in out_of.mappings)
    parts = (one for name in names for one in site.translations[name].file.files.values())
    return tuple(re.sub(r"\{\w+\}", "*", one.file) for one in parts if not one.records)
