"""The HTTP libraries whose requests can be reported. Each is a file and a row here."""

import importlib

_libraries = ("urllib", "urllib3", "httpx", "aiohttp")


def start(report):
    """Reports the requests of the libraries that are installed. Returns a function that stops it."""
    undos = []
    for name in _libraries:
        try:
            undos.append(importlib.import_module(f"._{name}", __name__).start(report))
        except (ImportError, AttributeError):
            pass  # It is not installed, or is too old.

    def stop():
        while undos:
            undos.pop()()

    return stop
