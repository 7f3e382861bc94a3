"""httpx, and with it the SDKs of OpenAI, Anthropic and others. Each redirect is a request."""

from functools import wraps

from httpx import AsyncHTTPTransport, HTTPTransport

from ._timed import beginning, replace


def start(report):
    def make(handle):
        @wraps(handle)
        def handled(transport, request):
            ended = beginning(report, request.method, str(request.url))
            try:
                response = handle(transport, request)
            except BaseException as error:
                ended(0, error)
                raise
            ended(response.status_code)
            return response

        return handled

    def make_async(handle):
        @wraps(handle)
        async def handled(transport, request):
            ended = beginning(report, request.method, str(request.url))
            try:
                response = await handle(transport, request)
            except BaseException as error:
                ended(0, error)
                raise
            ended(response.status_code)
            return response

        return handled

    undo = replace(HTTPTransport, "handle_request", make)
    undo_async = replace(AsyncHTTPTransport, "handle_async_request", make_async)

    def stop():
        undo()
        undo_async()

    return stop
