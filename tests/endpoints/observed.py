"""Somebody who looks at a folder all the time, whoever writes into it: what no look of the writer's own would see."""

import threading
from contextlib import contextmanager


@contextmanager
def observed(scene):
    """Look, again and again, until it is over; what was wrong stands in the scene."""
    over = threading.Event()
    thread = threading.Thread(target=_look, args=(scene, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _look(scene, over):
    while not over.wait(0.0002):
        try:
            scene.look()
        except Exception as error:
            scene.wrong.append(f"nobody could look: {type(error).__name__} {error}")
            return
