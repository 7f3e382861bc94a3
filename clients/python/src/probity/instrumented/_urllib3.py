"""urllib3, and with it requests, boto3 and most SDKs. Each redirect and each retry is a request."""

from functools import wraps

from urllib3.connectionpool import HTTPConnectionPool

from ._timed import beginning, replace


def start(report):
    def make(send):
        @wraps(send)
        def sent(pool, conn, method, url, *args, **kwargs):
            ended = beginning(report, method, _whole(pool, url))
            try:
                response = send(pool, conn, method, url, *args, **kwargs)
            except BaseException as error:
                ended(0, error)
                raise
            ended(response.status)
            return response

        return sent

    return replace(HTTPConnectionPool, "_make_request", make)


def _whole(pool, url):
    if not url.startswith("/"):
        return url  # A proxy gets the whole URL.
    host = f"[{pool.host}]" if ":" in pool.host and not pool.host.startswith("[") else pool.host
    port = f":{pool.port}" if pool.port else ""
    return f"{pool.scheme}://{host}{port}{url}"
