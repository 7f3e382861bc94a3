"""Takes calls, and lets them leave in batches from a thread in the background."""

import atexit
import os
import sys
import threading
from collections import deque
from math import inf

# Below the MTU of every network, so that no datagram is divided.
_max_datagram = 1024
# Seconds that a call waits for others.
_max_wait = 0.05
# This many calls do not wait that long.
_batch = 256
_max_waiting = 4096
# Seconds that the end of the process may wait: for a busy machine, or for a name server.
_max_closing = 5.0

# A process has one or two, and they live as long as it does.
_senders = []


class Sender:
    """`send` only notes a call. Any thread may use it, and a process that was forked begins with nothing to send."""

    def __init__(self, udp, encode):
        self._udp = udp
        self._encode = encode
        self._begin()
        _senders.append(self)
        atexit.register(self.close)

    def _begin(self):
        self.dropped = 0
        self._waiting = deque()
        self._wake_at = 1
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._thread = None
        self._closing = False

    def send(self, record):
        count = len(self._waiting)
        if count >= _max_waiting:
            self.dropped += 1
            return
        self._waiting.append(record)
        if count + 1 >= self._wake_at:
            self._wake_at = inf
            self._event.set()
            if self._thread is None:
                self._start()

    def close(self):
        """Sends what waits. Calls that come later are sent too."""
        thread = self._thread
        if thread is not None and thread.is_alive():
            self._closing = True
            self._event.set()
            thread.join(_max_closing)
            if thread.is_alive():
                return  # It waits for a name server.
        with self._lock:
            self._flush()
            self._udp.close()
            self._thread = None
            self._closing = False
            self._wake_at = 1

    def _start(self):
        # A signal handler may run while its own thread holds the lock. The thread that holds it starts the sender.
        if not self._lock.acquire(blocking=False):
            return
        try:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="probity", daemon=True)
                thread.start()
                self._thread = thread
                _flush_at_end_of_child(self)
        except RuntimeError:
            # The interpreter ends, or the system has no more threads: `close` sends it, or the next call tries again.
            self._wake_at = 1
        finally:
            self._lock.release()

    def _run(self):
        event = self._event
        while not self._closing:
            event.wait()
            event.clear()
            self._send_while_calls_come(event)
            self._wake_at = 1
            if self._waiting:
                event.set()  # It came before the line above.

    def _send_while_calls_come(self, event):
        # Waking this thread takes longer than noting a call: until none has come for a while, it wakes by itself.
        while True:
            self._wake_at = _batch
            if len(self._waiting) < _batch and not self._closing:
                event.wait(_max_wait)
                event.clear()
            if not self._waiting:
                return
            with self._lock:
                self._flush()

    def _flush(self):
        waiting = self._waiting
        lines = []
        size = 0
        for _ in range(len(waiting)):
            try:
                line = self._encode(waiting.popleft())
            except Exception:
                self.dropped += 1  # A name that is not text.
                continue
            if lines and size + len(line) > _max_datagram:
                self._send(lines)
                lines = []
                size = 0
            lines.append(line)
            size += len(line)
        if lines:
            self._send(lines)

    def _send(self, lines):
        if not self._udp.send(b"".join(lines)):
            self.dropped += len(lines)


def _after_fork():
    # What waits belongs to the parent, which sends it. The thread is not in the child, and a lock may be held forever.
    for sender in _senders:
        sender._udp.close()
        sender._begin()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _flush_at_end_of_child(sender):
    # The children of multiprocessing end without atexit, but with finalizers of their own.
    util = sys.modules.get("multiprocessing.util")
    process = sys.modules.get("multiprocessing.process")
    if util is not None and process is not None and process.parent_process() is not None:
        util.Finalize(None, sender.close, exitpriority=0)
