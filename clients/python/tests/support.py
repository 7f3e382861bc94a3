"""What the tests have in common. They run against a real collector of Probity: test/clients/python.test.ts starts it."""

import os
import re
import socket
import subprocess
import sys
import time
import unittest
import urllib.request
from collections import Counter
from pathlib import Path

import probity

URL = os.environ.get("PROBITY_TEST_URL")
ADDRESS = os.environ.get("PROBITY_CALLS_ADDRESS", "")
SOURCE = str(Path(__file__).resolve().parent.parent / "src")
_sample = re.compile(r'api_call_duration_seconds_count\{(.*)\} (\d+)')
_label = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@unittest.skipIf(URL is None, "PROBITY_TEST_URL does not say where a collector is: npm test -- test/clients/python.test.ts")
class CollectorTest(unittest.TestCase):
    """Compares what was counted, exactly."""

    maxDiff = None

    def assert_counted(self, target, **outcomes):
        probity.close()
        found = Counter()
        for labels in settled_samples():
            if labels["target"] == target:
                found[labels["outcome"]] += labels["count"]
        self.assertEqual({outcome: count for outcome, count in found.items() if count}, outcomes)


def settled_samples():
    """The samples of `api_call_duration_seconds_count`, after everything that was sent before has been counted."""
    before = _marked(read_samples())
    host, port = ADDRESS.rsplit(":", 1)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as marker:
            marker.sendto(b"2\t\t\t1\t\tmarker\n", (host, int(port)))
        samples = read_samples()
        if _marked(samples) > before:
            return samples
        time.sleep(0.02)
    raise AssertionError("the collector does not count")


def _marked(samples):
    return sum(sample["count"] for sample in samples if sample["target"] == "marker")


def read_samples():
    return [
        {**dict(_label.findall(labels)), "count": int(count)} for labels, count in _sample.findall(read_text())
    ]


def read_text():
    with urllib.request.urlopen(f"{URL}/metrics", timeout=30) as response:
        return response.read().decode()


def run_program(text, **env):
    """Runs a program of its own, which has the package, and returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", text],
        env={**os.environ, "PYTHONPATH": SOURCE, **env},
        capture_output=True,
        text=True,
        timeout=120,
    )
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return done.stdout
