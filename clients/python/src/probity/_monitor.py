"""What a program uses: monitors, and the calls that they report."""

import functools
import os
import warnings
from time import perf_counter

from . import instrumented
from ._ended import end_of
from ._line import encode
from ._sender import Sender
from ._udp import DEFAULT_ADDRESS, Udp, parse_address
from ._wrap import wrap_function


class Call:
    """A call in progress: `with monitor.call("stripe.Charge.create") as call:`, or `async with`."""

    __slots__ = ("_ended", "_started", "status")

    def __init__(self, ended):
        # The HTTP status of the answer, for an API that does not raise: `call.status = response.status_code`.
        self.status = None
        self._ended = ended
        self._started = 0.0

    def __enter__(self):
        self._started = perf_counter()
        return self

    def __exit__(self, _type, error, _traceback):
        self._ended(self._started, error, self.status)

    async def __aenter__(self):
        return self.__enter__()

    async def __aexit__(self, _type, error, _traceback):
        self._ended(self._started, error, self.status)


class Monitor:
    """Reports calls to Probity. Make one with `monitor`; one is enough for a process."""

    def __init__(self, sender):
        self._sender = sender
        self._stop = None

    def wrap(self, name, function=None, *, is_error=None):
        """A function that does what `function` does and reports each call under `name`.

        It also decorates: `@wrap("stripe.Charge.create")`, or `@wrap` for the name of the function itself. A call of an
        `async` function, or of one that returns a coroutine or a future, lasts until the value is there. `is_error` gets what a
        call raised and returns whether the API failed; without it, an error that carries an HTTP status below 500 other
        than 429 is an answer.
        """
        if function is None and callable(name):
            return self.wrap(name.__qualname__, name)
        if function is None:
            return functools.partial(self.wrap, name, is_error=is_error)
        return wrap_function(function, self._ending(name, is_error))

    def call(self, name, *, is_error=None):
        """What reports the block of a `with` or an `async with` under `name`."""
        return Call(self._ending(name, is_error))

    def observe(self, method, url, seconds, status=None, error=""):
        """Reports an HTTP request that the program measured itself. Status 0 means that no response came."""
        self._sender.send((seconds, "", method, url, status, error))

    def _ending(self, operation, is_error):
        send = self._sender.send

        def ended(started, error=None, status=None):
            seconds = perf_counter() - started
            name = ""
            if error is not None:
                status, name = end_of(error, is_error)
            send((seconds, operation, "", "", status, name))

        return ended

    def instrument(self):
        """Reports the requests of urllib, urllib3, requests, httpx and aiohttp from now on.

        Returns a function that stops it. Calling it again changes nothing.
        """
        if self._stop is None:
            undo = instrumented.start(self._sender.send)

            def stop():
                undo()
                self._stop = None

            self._stop = stop
        return self._stop

    def close(self):
        """Sends what waits. This happens by itself when the interpreter ends, but not when a signal kills it."""
        self._sender.close()

    @property
    def dropped(self):
        """About how many calls were not sent, because too many waited or the system did not take them."""
        return self._sender.dropped


def monitor(caller=None, version=None, address=None):
    """Starts a monitor.

    `caller` is the service that makes the calls, by default `PROBITY_CALLER`; `version` is its release, by default
    `PROBITY_VERSION`; `address` is the `host:port` of Probity, by default `PROBITY_CALLS_ADDRESS`, else 127.0.0.1:51712.
    """
    caller = _first(caller, "PROBITY_CALLER", "")
    version = _first(version, "PROBITY_VERSION", "")
    text = _first(address, "PROBITY_CALLS_ADDRESS", DEFAULT_ADDRESS)
    parsed = parse_address(text)
    if parsed is None:
        warnings.warn(
            f'"{text}" is not a valid collector address: expected host:port, such as {DEFAULT_ADDRESS}. Calls are not reported.',
            RuntimeWarning,
            stacklevel=2,
        )
        return Monitor(_Nowhere())
    return Monitor(Sender(Udp(*parsed), lambda record: encode(record, caller, version)))


@functools.lru_cache(maxsize=None)
def default_monitor():
    """The monitor of the functions of the package."""
    return monitor()


def _first(value, variable, default):
    return value if value is not None else os.environ.get(variable) or default


class _Nowhere:
    """Stands in for a sender that has no address."""

    dropped = 0

    def send(self, _record):
        self.dropped += 1

    def close(self):
        pass
