"""Functions that do what others do, and report their calls."""

import asyncio
import functools
import inspect
from time import perf_counter
from types import CoroutineType


def wrap_function(function, ended):
    """A function like `function`. `ended` is called with the time at which a call began, and with its error if it raised."""
    if isinstance(function, (staticmethod, classmethod)):
        return type(function)(wrap_function(function.__func__, ended))
    if inspect.iscoroutinefunction(function):

        async def wrapped(*args, **kwargs):
            return await _until_done(function(*args, **kwargs), perf_counter(), ended)

    else:

        def wrapped(*args, **kwargs):
            started = perf_counter()
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                ended(started, error)
                raise
            kind = type(result)
            if kind is CoroutineType:
                return _until_done(result, started, ended)
            if hasattr(kind, "add_done_callback"):
                result.add_done_callback(lambda future: ended(started, _error_of(future)))
            else:
                ended(started)
            return result

    return functools.wraps(function)(wrapped)


async def _until_done(coroutine, started, ended):
    try:
        result = await coroutine
    except BaseException as error:
        ended(started, error)
        raise
    ended(started)
    return result


def _error_of(future):
    """The error of a future of asyncio, of concurrent.futures or of gRPC."""
    if future.cancelled():
        return asyncio.CancelledError()
    try:
        # `exception()` marks the error as seen, and asyncio would not warn that nobody has looked at it.
        return future._exception if hasattr(future, "_exception") else future.exception()
    except Exception:
        return None
