"""One call as a line of version 2 of the wire format: docs/calls.md of Probity describes it."""

import re

# The control characters of Unicode, and the two separators that some programs read as the end of a line.
_controls = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_url = re.compile(r"((?:[a-z][a-z0-9+.-]*:)?//)?([^/?#\\]*)([^?#]*)", re.IGNORECASE)


def encode(record, caller, version):
    """The bytes of a line, with its newline.

    A record is what is known of one call: its seconds, operation, method and URL, its status (0: no response came; None: not known)
    and the name of what was raised; never its message, which may hold private data. It is a plain tuple, which costs a
    call the least.
    """
    seconds, operation, method, url, status, error = record
    fields = (
        "2",
        _field(method, 32),
        _without_secrets(url) if url else "",
        f"{seconds * 1000:.3f}",
        "" if status is None else str(status),
        _field(operation, 200),
        _field(caller, 100),
        _field(version, 100),
        _field(error, 100),
    )
    return ("\t".join(fields) + "\n").encode("utf-8", "replace")


def _field(text, limit):
    return _controls.sub(" ", text[: 2 * limit]).strip()[:limit].strip()


def _without_secrets(url):
    """A URL without its user name, password, query string and fragment."""
    scheme, authority, path = _url.match(url).groups()
    host = authority.rpartition("@")[2]
    if not host:
        return ""
    path = path if path.startswith("/") else "/" + path
    return _controls.sub(" ", (scheme or "") + host + path[:512])
