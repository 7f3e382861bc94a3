"""What the libraries have in common."""

from time import perf_counter

from .._ended import name_of


def replace(owner, name, make):
    """Puts what `make` returns for the function in its place. Returns a function that puts it back."""
    original = getattr(owner, name)
    replacement = make(original)
    setattr(owner, name, replacement)

    def restore():
        # If somebody else has replaced it since, theirs stays.
        if getattr(owner, name) is replacement:
            setattr(owner, name, original)

    return restore


def beginning(report, method, url):
    """Starts the clock of one request. Returns what is called with the status of its answer, or with its error."""
    started = perf_counter()

    def ended(status, error=None):
        seconds = perf_counter() - started
        if error is None:
            report((seconds, "", method, url, status, ""))
        else:
            report((seconds, "", method, url, 0, name_of(error)))

    return ended
