"""How a call ended, worked out from what it raised."""

import asyncio
import concurrent.futures
from http import HTTPStatus

# What the collector knows as the name of a call that the program itself gave up: its outcome is unknown.
ABORTED = "AbortError"

_given_up = (
    asyncio.CancelledError,
    concurrent.futures.CancelledError,
    KeyboardInterrupt,
    SystemExit,
    GeneratorExit,
)

_of_grpc = {
    "OK": 200,
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DATA_LOSS": 500,
    "UNAUTHENTICATED": 401,
}


def _code(error):
    # A number alone may mean anything: the codes of a database, of a program that ended.
    return error.code if isinstance(error.code, HTTPStatus) else _of_grpc.get(error.code().name)


# Where libraries keep the status of the answer, the most explicit place first.
_places = (
    lambda error: error.status_code,  # OpenAI, Azure, Elasticsearch
    lambda error: error.http_status,  # Stripe
    lambda error: error.status,  # aiohttp, urllib, Twilio, Kubernetes
    lambda error: error.response.status_code,  # requests, httpx, Slack
    lambda error: error.response["ResponseMetadata"]["HTTPStatusCode"],  # boto3
    lambda error: error.resp.status,  # Google API client
    _code,  # gRPC, Google Cloud
)


def name_of(error):
    """What an error is called."""
    return ABORTED if isinstance(error, _given_up) else type(error).__name__ or "Error"


def end_of(error, is_error=None):
    """The status and the name of the error of a call that raised.

    The status decides if there is one: a card that is declined with 402 is an answer of the API. `is_error` overrules it,
    and one that raises has no say.
    """
    name = name_of(error)
    verdict = _verdict(error, is_error)
    if verdict is None:
        return _status_of(error), name
    if not verdict:
        return None, ""
    return None, "Error" if name == ABORTED else name


def _verdict(error, is_error):
    try:
        return None if is_error is None else bool(is_error(error))
    except Exception:
        return None


def _status_of(error):
    for place in _places:
        try:
            status = place(error)
            if isinstance(status, int) and 100 <= status <= 599:
                return int(status)
        except Exception:
            pass  # It is not in this place.
    return None
