import asyncio
import concurrent.futures
import inspect
import unittest

import probity

from .support import CollectorTest, read_text


class ApiError(Exception):
    def __init__(self, **fields):
        super().__init__("card number 4242")
        self.__dict__.update(fields)


class Response:
    def __init__(self, status_code):
        self.status_code = status_code


def raising(error):
    def fails():
        raise error

    return fails


class Outcomes(CollectorTest):
    def play(self, name, error, **options):
        with self.assertRaises(type(error)) as caught:
            probity.wrap(name, raising(error), **options)()
        self.assertIs(caught.exception, error)

    def test_a_call_that_returns_is_ok(self):
        self.assertEqual(probity.wrap("wrap.returns", lambda a, b=2: a + b)(1, b=5), 6)
        self.assert_counted("wrap.returns", ok=1)

    def test_an_answer_of_the_api_is_not_an_error(self):
        for status in (400, 402, 404, 409):
            self.play("wrap.answer", ApiError(status_code=status))
        self.assert_counted("wrap.answer", ok=4)

    def test_too_many_requests_and_faults_of_the_server_are_errors(self):
        for status in (429, 500, 503):
            self.play("wrap.fault", ApiError(status_code=status))
        self.assert_counted("wrap.fault", error=3)

    def test_the_status_is_found_where_libraries_keep_it(self):
        for fields in (
            {"http_status": 402},
            {"status": 404},
            {"response": Response(409)},
            {"response": {"ResponseMetadata": {"HTTPStatusCode": 404}}},
            {"resp": type("Answer", (), {"status": 404})},
            {"code": lambda: type("StatusCode", (), {"name": "NOT_FOUND"})},
            # It is not a status, but the next place has it.
            {"status_code": "404", "status": 404},
        ):
            self.play("wrap.places", ApiError(**fields))
        self.assert_counted("wrap.places", ok=7)

    def test_numbers_that_are_not_a_status_do_not_excuse(self):
        for fields in ({}, {"code": 404}, {"status": "NotFound"}, {"status_code": 42}, {"response": None}):
            self.play("wrap.plain", ApiError(**fields))
        for error in (TimeoutError(), ConnectionRefusedError(), KeyError("x")):
            self.play("wrap.plain", error)
        self.assert_counted("wrap.plain", error=8)

    def test_what_the_program_gave_up_is_unknown(self):
        for error in (asyncio.CancelledError(), concurrent.futures.CancelledError(), KeyboardInterrupt(), SystemExit(3)):
            self.play("wrap.abort", error)
        self.assert_counted("wrap.abort", unknown=4)

    def test_is_error_overrules(self):
        self.play("wrap.is_error", ApiError(status_code=404), is_error=lambda error: True)
        self.play("wrap.is_error", KeyError("x"), is_error=lambda error: False)
        self.play("wrap.is_error", asyncio.CancelledError(), is_error=lambda error: True)
        # One that raises has no say.
        self.play("wrap.is_error", ApiError(status_code=404), is_error=lambda error: error.nothing)
        self.assert_counted("wrap.is_error", ok=2, error=2)


class Forms(CollectorTest):
    def test_decorators(self):
        @probity.wrap
        def makePayment(foo):
            """Pays."""
            return foo

        class Bank:
            @probity.wrap("forms.method")
            def pay(self, amount):
                return (self, amount)

            @probity.wrap("forms.method")
            @staticmethod
            def rate():
                return 1

        name = "Forms.test_decorators.<locals>.makePayment"
        self.assertEqual((makePayment("x"), makePayment.__doc__, makePayment.__qualname__), ("x", "Pays.", name))
        bank = Bank()
        self.assertEqual((bank.pay(3), Bank.rate(), bank.rate()), ((bank, 3), 1, 1))
        self.assert_counted("forms.method", ok=3)
        self.assert_counted("forms.decorated", ok=1)

    def test_with_blocks(self):
        with probity.call("forms.with"):
            pass
        with self.assertRaises(KeyError), probity.call("forms.with"):
            raise KeyError("x")
        with probity.call("forms.with") as call:
            call.status = 503

        async def block():
            async with probity.call("forms.with"):
                await asyncio.sleep(0)

        asyncio.run(block())
        self.assert_counted("forms.with", ok=2, error=2)

    def test_coroutines_last_until_they_are_done(self):
        @probity.wrap("forms.coroutine")
        async def charge(seconds):
            await asyncio.sleep(seconds)
            return seconds

        later = probity.wrap("forms.coroutine", lambda: charge.__wrapped__(0.12))
        self.assertTrue(inspect.iscoroutinefunction(charge))

        async def main():
            self.assertEqual(await asyncio.gather(charge(0.12), later()), [0.12, 0.12])
            task = asyncio.ensure_future(charge(60))
            await asyncio.sleep(0)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task

        asyncio.run(main())
        self.assert_counted("forms.coroutine", ok=2, unknown=1)
        # The limit of the target is 100 ms.
        self.assert_slow("forms.coroutine", 2)

    def test_futures_last_until_they_are_done(self):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            submit = probity.wrap("forms.future", pool.submit)
            self.assertEqual(submit(lambda: 5).result(), 5)
            self.assertIsInstance(submit(raising(KeyError("x"))).exception(), KeyError)

        async def main():
            loop = asyncio.get_running_loop()
            fail = probity.wrap("forms.future", lambda: loop.run_in_executor(None, raising(ApiError(status=404))))
            with self.assertRaises(ApiError):
                await fail()

        asyncio.run(main())
        self.assert_counted("forms.future", ok=2, error=1)

    def test_a_text_of_the_program_cannot_make_a_second_line(self):
        shop = probity.monitor("shop\n2\t\t\t1\t\tforms.text", "1\t2")
        shop.wrap("forms.text\t\ufeff\u2028\ud800\n2\t\t\t1\t\tforms.text", lambda: 1)()
        shop.observe("GET", "http://me:secret@forms.example/v1/text?key=secret#x", 0.01, 200)
        shop.wrap(7, lambda: 1)()
        shop.close()
        self.assertEqual(shop.dropped, 1)
        self.assert_counted("forms.text", ok=1)
        self.assert_counted("forms-url", ok=1)

    def assert_slow(self, target, count):
        self.assertIn(f'api_calls_over_limit_total{{target="{target}",caller="python",version="1"}} {count}\n', read_text())


if __name__ == "__main__":
    unittest.main()
