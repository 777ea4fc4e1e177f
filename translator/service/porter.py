"""The porter of a service, and what its process runs: `python -m translator.service.porter N`, its end of the control."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from translator.endpoints.porter.desk import serve
from translator.endpoints.porter.lines import Porter
from translator.service.ports import SystemClock

COMMAND: Final = (sys.executable, "-P", "-m", "translator.service.porter")  # -P: nothing of the folder we stand in


def porter() -> Porter:
    """Give a porter: its process begins when it is first needed."""
    return Porter(_started)


def _started(control: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, str(control)], stdin=subprocess.DEVNULL, pass_fds=[control])  # noqa: S603 (ourselves)


if __name__ == "__main__":
    serve(int(sys.argv[1]), SystemClock())
