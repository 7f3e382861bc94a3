"""Reports to Probity how long the API calls of a program take, and how they end.

Nothing here waits, and nothing here raises anything but what the program's own code raises.
"""

from ._monitor import Call, Monitor, default_monitor, monitor

__all__ = ["Call", "Monitor", "call", "close", "instrument", "monitor", "wrap"]


def wrap(name, function=None, *, is_error=None):
    """`Monitor.wrap` of a monitor whose settings come from the environment."""
    return default_monitor().wrap(name, function, is_error=is_error)


def call(name, *, is_error=None):
    """`Monitor.call` of that monitor."""
    return default_monitor().call(name, is_error=is_error)


def instrument():
    """`Monitor.instrument` of that monitor."""
    return default_monitor().instrument()


def close():
    """`Monitor.close` of that monitor."""
    default_monitor().close()
