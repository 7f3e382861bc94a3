import asyncio
import http.server
import importlib
import socket
import threading
import unittest
import urllib.error
import urllib.request

import probity

from .support import CollectorTest, read_samples, settled_samples


class Api(http.server.BaseHTTPRequestHandler):
    """Answers `/LIBRARY/STATUS` with that status, and a redirect with one to `/LIBRARY/200`."""

    def do_GET(self):
        library, status = self.path.partition("?")[0].strip("/").split("/")
        self.send_response(int(status))
        if status == "302":
            self.send_header("Location", f"/{library}/200")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_args):
        pass


class Libraries(CollectorTest):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.url = f"http://127.0.0.1:{cls.server.server_port}"
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            cls.dead = f"http://127.0.0.1:{closed.getsockname()[1]}"

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def setUp(self):
        self.addCleanup(probity.instrument())

    def paths(self, library):
        """What every library is asked for; its target counts two ok, and two errors of which one has no answer."""
        return [f"{self.url}/{library}/{status}?key=secret" for status in (200, 404, 503)] + [f"{self.dead}/{library}/0"]

    def library(self, name):
        try:
            return importlib.import_module(name)
        except ImportError:
            self.skipTest(f"{name} is not installed")

    def test_urllib(self):
        for url in [*self.paths("urllib"), f"{self.url}/urllib/302"]:
            try:
                urllib.request.urlopen(url, timeout=10).read()
            except urllib.error.URLError:
                pass
        self.assert_counted("urllib", ok=4, error=2)

    def test_urllib3(self):
        urllib3 = self.library("urllib3")
        with urllib3.PoolManager(retries=urllib3.Retry(connect=1, redirect=1, backoff_factor=0)) as pool:
            for url in [*self.paths("urllib3"), f"{self.url}/urllib3/302"]:
                try:
                    pool.request("GET", url, timeout=10)
                except urllib3.exceptions.HTTPError:
                    pass
        # The one without an answer was tried twice.
        self.assert_counted("urllib3", ok=4, error=3)

    def test_requests(self):
        requests = self.library("requests")
        for url in self.paths("requests"):
            try:
                requests.get(url, timeout=10)
            except requests.ConnectionError:
                pass
        self.assert_counted("requests", ok=2, error=2)

    def test_httpx(self):
        httpx = self.library("httpx")
        with httpx.Client(follow_redirects=True) as client:
            for url in [*self.paths("httpx"), f"{self.url}/httpx/302"]:
                try:
                    client.get(url)
                except httpx.ConnectError:
                    pass
        self.assert_counted("httpx", ok=4, error=2)

    def test_httpx_asynchronous(self):
        httpx = self.library("httpx")

        async def main():
            async with httpx.AsyncClient() as client:
                for url in self.paths("httpx-async"):
                    try:
                        await client.get(url)
                    except httpx.ConnectError:
                        pass
                await cancelled(client.get(f"{self.hanging()}/httpx-async/hang"))

        asyncio.run(main())
        self.assert_counted("httpx-async", ok=2, error=2, unknown=1)

    def test_aiohttp(self):
        aiohttp = self.library("aiohttp")

        async def main():
            async with aiohttp.ClientSession() as session:
                for url in [*self.paths("aiohttp"), f"{self.url}/aiohttp/302"]:
                    try:
                        async with session.get(url) as response:
                            await response.read()
                    except aiohttp.ClientError:
                        pass
                await cancelled(session.get(f"{self.hanging()}/aiohttp/hang").__aenter__())
                timeout = aiohttp.ClientTimeout(total=0.05)
                with self.assertRaises(asyncio.TimeoutError):
                    await session.get(f"{self.hanging()}/aiohttp/hang", timeout=timeout)

        asyncio.run(main())
        self.assert_counted("aiohttp", ok=4, error=3, unknown=1)

    def test_it_stops(self):
        stop = probity.instrument()
        self.assertIs(probity.instrument(), stop)
        stop()
        urllib.request.urlopen(f"{self.url}/stopped/200", timeout=10).read()
        settled_samples()
        self.assertEqual([s for s in read_samples() if s["target"] == "stopped" and s["count"]], [])

    def hanging(self):
        """A server that accepts and never answers."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


async def cancelled(request):
    task = asyncio.ensure_future(request)
    await asyncio.sleep(0.2)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass


if __name__ == "__main__":
    unittest.main()
