import asyncio
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
import unittest
import warnings

import probity

from .support import CollectorTest, run_program


class Threads(CollectorTest):
    def test_a_thousand_threads_and_an_event_loop_at_once(self):
        charge = probity.wrap("process.threads", time.sleep)

        @probity.wrap("process.loop")
        async def search():
            await asyncio.sleep(0.001)

        def calls():
            for _ in range(10):
                charge(0.01)

        async def main():
            for _ in range(20):
                await asyncio.gather(*(search() for _ in range(50)))

        threads = [threading.Thread(target=calls) for _ in range(1000)]
        for thread in threads:
            thread.start()
        asyncio.run(main())
        for thread in threads:
            thread.join()
        self.assert_counted("process.threads", ok=10_000)
        self.assert_counted("process.loop", ok=1000)


@unittest.skipUnless(hasattr(os, "fork"), "this system has no fork")
class Forks(CollectorTest):
    def test_each_process_reports_its_own_calls(self):
        # The first call waits in the parent while it forks: the child must not report it too.
        run_program(
            """
import os, probity
charge = probity.wrap("process.children", lambda: None)
charge()
for _ in range(3):
    child = os.fork()
    charge()
    if child == 0:
        raise SystemExit
    os.waitpid(child, 0)
"""
        )
        # The exit of a child runs atexit, and so does that of the parent: 1 + 3 in the parent, 1 in each child.
        self.assert_counted("process.children", ok=7)

    def test_the_processes_of_multiprocessing_report_their_last_calls(self):
        for method in multiprocessing.get_all_start_methods():
            with self.subTest(method):
                process = multiprocessing.get_context(method).Process(target=charge_once, args=(method,))
                process.start()
                process.join(60)
                self.assertEqual(process.exitcode, 0)
                self.assert_counted(f"process.{method}", ok=1)


def charge_once(method):
    probity.wrap(f"process.{method}", lambda: None)()


class Ends(CollectorTest):
    def test_the_last_calls_leave_when_the_interpreter_ends(self):
        program = """
import probity
charge = probity.wrap("process.exit", lambda: None)
for _ in range(100): charge()
"""
        run_program(program)
        host, port = os.environ["PROBITY_CALLS_ADDRESS"].rsplit(":", 1)
        run_program(program, PROBITY_CALLS_ADDRESS=f"localhost:{port}")
        self.assertEqual(host, "127.0.0.1")
        self.assert_counted("process.exit", ok=200)

    def test_an_error_that_ends_the_program_is_reported(self):
        done = subprocess.run(
            [sys.executable, "-c", "import probity; probity.wrap('process.crash', lambda: 1 / 0)()"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertIn("ZeroDivisionError", done.stderr)
        self.assertNotIn("During handling", done.stderr)
        self.assert_counted("process.crash", error=1)

    def test_calls_after_close_are_reported(self):
        charge = probity.wrap("process.close", lambda: None)
        charge()
        probity.close()
        probity.close()
        charge()
        self.assert_counted("process.close", ok=2)


class Collectors(unittest.TestCase):
    def test_one_that_is_dead_costs_nothing_but_the_calls(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", 0))
            address = "127.0.0.1:%d" % taken.getsockname()[1]
        shop = probity.monitor("shop", "1", address)
        charge = shop.wrap("dead", lambda: 5)
        for _ in range(3):
            self.assertEqual(charge(), 5)
            shop.close()
        self.assertEqual(shop.dropped, 0)

    def test_one_whose_name_does_not_exist_drops_the_calls(self):
        shop = probity.monitor("shop", "1", "collector.invalid:1")
        self.assertEqual(shop.wrap("nowhere", lambda: 5)(), 5)
        shop.close()
        self.assertIn(shop.dropped, (0, 1))  # 0: the name server has not said so in time.

    def test_an_address_that_is_not_valid_warns(self):
        for address in ("127.0.0.1:0", "http://localhost:1", "[::1"):
            with self.subTest(address), warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                shop = probity.monitor("shop", "1", address)
                self.assertEqual(shop.wrap("nowhere", lambda: 5)(), 5)
                self.assertEqual(len(caught), 1)
                self.assertIn(f'"{address}" is not a valid collector address', str(caught[0].message))
            self.assertEqual(shop.dropped, 1)

    def test_too_many_calls_are_dropped_and_counted(self):
        # A thread that cannot run sends nothing: everything waits.
        shop = probity.monitor("shop", "1", "127.0.0.1:9")
        sender = shop._sender
        charge = shop.wrap("many", lambda: 5)
        with sender._lock:
            for _ in range(5000):
                charge()
            self.assertGreaterEqual(shop.dropped, 5000 - 4096 - 256)
            self.assertLessEqual(len(sender._waiting), 4096)

    def test_ipv6_is_reached(self):
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as collector:
            try:
                collector.bind(("::1", 0))
            except OSError:
                self.skipTest("this machine has no IPv6")
            collector.settimeout(30)
            shop = probity.monitor("shop", "1", "[::1]:%d" % collector.getsockname()[1])
            shop.wrap("six", lambda: None)()
            shop.close()
            self.assertRegex(collector.recv(2000).decode(), r"^2\t\t\t\d+\.\d{3}\t\tsix\tshop\t1\t\n$")


if __name__ == "__main__":
    unittest.main()
