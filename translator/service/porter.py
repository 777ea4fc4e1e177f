"""The porter of a service, and what its process runs: `python -m translator.service.porter N FORM`.

N is the number of its end of the control, FORM the form of what will be said: if another translator was installed since the
service began, it ends at once.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from translator import observe
from translator.endpoints.porter.desk import serve
from translator.endpoints.porter.lines import REPLACED, Porter
from translator.endpoints.porter.words import form
from translator.service.ports import SystemClock

COMMAND: Final = (sys.executable, "-P", "-m", "translator.service.porter")  # -P: nothing of the folder we stand in
FORM: Final = form()


def porter() -> Porter:
    """Give a porter: its process begins when it is first needed."""
    return Porter(_started)


def _started(control: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 (ourselves)
        [*COMMAND, str(control), FORM],
        stdin=subprocess.DEVNULL,
        pass_fds=[control],
        start_new_session=True,  # Ctrl-C is for the service
    )


def _main(control: str, said: str) -> None:
    if said != FORM:
        sys.exit(REPLACED)
    observe.configure()
    serve(int(control), SystemClock())


if __name__ == "__main__":
    _main(*sys.argv[1:])
