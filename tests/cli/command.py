"""The command as a person runs it, in this process or in one of its own; and orders to feed it with."""

import json
import re
import subprocess
import sys
from copy import deepcopy
from datetime import UTC, datetime, timedelta

from click.testing import CliRunner

from translator.cli import program
from translator.simulator.orders import sample_orders

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def run(*words, code=0, data=None):
    """Run a command in this process; give what it said on stdout and stderr."""
    result = CliRunner().invoke(program(), [str(word) for word in words], input=data)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, f"{result.exit_code}\n{result.stdout}\n{result.stderr}"
    return result


def run_json(*words, code=0, data=None):
    return json.loads(run(*words, "--json", code=code, data=data).stdout)


def run_apart(*words, **more):
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "translator", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        **more,
    )


def orders(count=13, warehouse="EWR1"):
    return sample_orders("ACMEG", [warehouse], count, NOW)


def write_json(path, tree):
    path.write_text(json.dumps(tree), encoding="utf-8")
    return path


def changed(order, path, value):
    """Give a copy of an order with one value changed; `None` takes the key away."""
    copy = deepcopy(order)
    *way, last = path.split(".")
    tree = copy
    for step in way:
        tree = tree[int(step)] if step.isdigit() else tree[step]
    if value is None:
        del tree[last]
    else:
        tree[last] = value
    return copy


def site_at(amazon, folder, *words):
    """Write a site as `init` does, with a pretend Amazon in the place of the real one."""
    run("init", folder, *words)
    secrets = {"lwa-secret": amazon.settings.client_secret, "lwa-refresh": amazon.settings.refresh_token}
    for name, secret in secrets.items():
        (folder / "credentials" / name).write_text(secret)
    edit(folder, "    region: na ", f"    url: {amazon.url}\n    region: na ")
    edit(folder, "amzn1.application-oa2-client.CHANGE", amazon.settings.client_id)
    path = folder / "translator.yaml"
    ours = f"    start: {datetime.now(UTC) - timedelta(days=2):%Y-%m-%d}"  # what was made an hour ago is ours after midnight, too
    path.write_text(re.sub(r"^    start: \S+", ours, path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    return folder


def edit(site, before, after):
    """Change translator.yaml."""
    path = site / "translator.yaml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
