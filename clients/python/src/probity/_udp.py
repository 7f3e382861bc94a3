"""Sends datagrams without waiting."""

import re
import socket
import time

DEFAULT_ADDRESS = "127.0.0.1:51712"
_address = re.compile(r"(?:\[([0-9a-f:.%\w]+)\]|([^\s:\[\]/@]+))(?::(\d{1,5}))?", re.IGNORECASE)

# Seconds after which a name is resolved again: the collector may have moved, or the name may exist by then.
_fresh_for = 30.0
_retry_after = 5.0


def parse_address(text):
    """Host and port of `host:port`, `host` or `[::1]:port`; None if the text is none of these."""
    match = _address.fullmatch(text.strip())
    if match is None:
        return None
    port = int(match[3] or 51712)
    return (match[1] or match[2], port) if 0 < port < 65536 else None


class Udp:
    """Only the thread that sends may use it, because resolving a name takes time."""

    def __init__(self, host, port):
        self._host = host
        self._port = port
        self._resolve_at = 0.0
        self._family = None
        self._to = None
        self._socket = None

    def send(self, datagram):
        """Whether the system took the datagram. It is not connected: nobody may be listening, which is no error."""
        try:
            if time.monotonic() >= self._resolve_at:
                self._resolve()
            if self._to is None:
                return False
            self._socket.sendto(datagram, self._to)
            return True
        except OSError:
            return False

    def close(self):
        if self._socket is not None:
            self._socket.close()
        self._socket = self._to = self._family = None
        self._resolve_at = 0.0

    def _resolve(self):
        self._resolve_at = time.monotonic() + _retry_after
        found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_DGRAM)
        # IPv4 first: where localhost is ::1 too, a collector that listens on 127.0.0.1 would hear nothing.
        family, _, _, _, to = min(found, key=lambda one: one[0] != socket.AF_INET)
        if family != self._family:
            if self._socket is not None:
                self._socket.close()
            self._socket = socket.socket(family, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
            self._family = family
        self._to = to
        self._resolve_at = time.monotonic() + _fresh_for
