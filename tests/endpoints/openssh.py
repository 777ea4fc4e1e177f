"""Scenes before a real OpenSSH server, observed all the time, and its connection cut after byte k."""

from dataclasses import replace
from functools import partial

from tests.endpoints.observed import observed
from tests.endpoints.promises import Scene
from translator.endpoints.sftp import Server
from translator.endpoints.sftp_folder import SftpFolder

SHORT = 2_000  # bytes of a file where each byte may be the last


def scene_of(root, name, settings, faults=None, **story):
    scene = Scene(root, name, **story)
    scene.connection = Server(settings)
    scene.endpoint = SftpFolder(scene.connection, str(scene.folder), scene.clock, scene.options, faults)
    return scene


def played(scene, strike=lambda: None, relent=lambda: None):
    """Play it, observed; give what is wrong, and the class of the attempt that was struck."""
    with observed(scene):
        seen = scene.played(strike, relent)
    scene.endpoint.close()
    return list(dict.fromkeys(scene.wrong)), seen


def passed(root, proxy, settings, flow):
    """Do it once in peace; give how many bytes passed each way."""
    assert played(scene_of(root, f"{flow}-whole", replace(settings, port=proxy.port), flow=flow, most=SHORT)) == (
        [],
        "through",
    )
    return dict(proxy.passed)


def cut(root, proxy, settings, flow, way, k):
    """Play it with a connection that breaks after byte k; give what is wrong, the class seen, and how often anybody looked."""
    scene = scene_of(root, f"{flow}-{way}-{k}", replace(settings, port=proxy.port), flow=flow, most=SHORT)
    wrong, seen = played(scene, partial(_cut, scene, proxy, way, k), scene.connection.close)
    return [f"{flow}, {way}, after {k}: {one}" for one in wrong], seen, scene.looks


def _cut(scene, proxy, way, k):
    scene.connection.close()
    proxy.cut = (way, k)
