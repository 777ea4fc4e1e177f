"""Contenders in turn: what the machine does besides hits all of them alike, so a ratio within a round can be believed."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Seconds = dict[str, list[float]]


def interleaved(contenders: Mapping[str, Callable[[bytes], Any]], bodies: Sequence[bytes], rounds: int) -> Seconds:
    """Let each contender do all bodies, round after round, first one then the other way round; CPU seconds of each."""
    took: Seconds = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            took[name].append(_timed(contenders[name], bodies))
    return took


def _timed(contender: Callable[[bytes], Any], bodies: Sequence[bytes]) -> float:
    gc.collect()
    start = time.process_time()
    for body in bodies:
        contender(body)
    return time.process_time() - start


def ratio(took: Seconds, one: str, other: str) -> float:
    """Give the median over the rounds of one contender's seconds by another's of the same round."""
    return statistics.median(a / b for a, b in zip(took[one], took[other], strict=True))


def rate(took: Seconds, name: str, count: int) -> float:
    """Give how many a second, by the median round."""
    return count / statistics.median(took[name])
