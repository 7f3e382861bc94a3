"""The client of aiohttp, for the sessions that are made from now on. Each redirect is a request."""

from functools import wraps

from aiohttp import ClientSession, TraceConfig

from ._timed import beginning, replace


def start(report):
    trace = _trace(report)

    def make(init):
        @wraps(init)
        def initialized(session, *args, trace_configs=None, **kwargs):
            init(session, *args, trace_configs=[*(trace_configs or ()), trace], **kwargs)

        return initialized

    return replace(ClientSession, "__init__", make)


def _trace(report):
    trace = TraceConfig()

    async def on_start(_session, context, params):
        context.ended = beginning(report, params.method, str(params.url))

    async def on_redirect(_session, context, params):
        response = params.response
        context.ended(response.status)
        location = response.headers.get("Location") or response.headers.get("URI") or ""
        context.ended = beginning(report, params.method, str(response.url.join(type(response.url)(location))))

    async def on_end(_session, context, params):
        context.ended(params.response.status)

    async def on_exception(_session, context, params):
        context.ended(0, params.exception)

    trace.on_request_start.append(on_start)
    trace.on_request_redirect.append(on_redirect)
    trace.on_request_end.append(on_end)
    trace.on_request_exception.append(on_exception)
    return trace
