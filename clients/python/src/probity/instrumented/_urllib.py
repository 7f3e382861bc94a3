"""urllib.request of the standard library. Each redirect is a request."""

from functools import wraps
from urllib.request import AbstractHTTPHandler

from ._timed import beginning, replace


def start(report):
    def make(open_):
        @wraps(open_)
        def opened(handler, http_class, request, **kwargs):
            ended = beginning(report, request.get_method(), request.full_url)
            try:
                response = open_(handler, http_class, request, **kwargs)
            except BaseException as error:
                reason = getattr(error, "reason", None)
                ended(0, reason if isinstance(reason, BaseException) else error)
                raise
            ended(response.status)
            return response

        return opened

    return replace(AbstractHTTPHandler, "do_open", make)
