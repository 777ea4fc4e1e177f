"""The fault matrix whole: every operation of Amazon's at 36 faults, against `tests/matrix/expected.yaml`.

In full also for version v1, and with the faults striking a connection that has served before.
"""

import pytest

from tests.matrix.authority import Authority
from tests.matrix.sweep import Sweep

WAYS = (("2021-12-28", False), ("2021-12-28", True), ("v1", False), ("v1", True))


@pytest.mark.parts(bounded=1, deep=len(WAYS))
def test_every_operation_meets_every_fault_as_expected(part, tmp_path, figure, monkeypatch):
    version, kept = WAYS[part]
    authority = Authority(tmp_path)
    authority.trusted_by(monkeypatch)
    sweep = Sweep(authority, version, kept)
    figure("version", version)
    figure("operations", len(sweep.operations))
    figure("cells", len(sweep.seen))
    figure("exchanges", sweep.exchanges)
    for name, count in sweep.counts().items():
        figure(name, count)
    figure("slowest", f"{sweep.slowest:.2f} s")
    figure("table", sweep.table())
    assert sweep.wrong == []
