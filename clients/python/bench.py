"""What a wrapped call costs: `PYTHONPATH=src python3 bench.py`, in microseconds, compared with the same call unwrapped."""

import socket
import statistics
import time

import probity

ROUNDS = 5
CALLS = 20_000
WARM_UP = 2_000


def main():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as collector:
        collector.bind(("127.0.0.1", 0))
        shop = probity.monitor("shop", "1.2.3", "127.0.0.1:%d" % collector.getsockname()[1])

        def add(amount):
            return amount + 1

        wrapped = shop.wrap("stripe.Charge.create", add)
        results = {"none": [], "probity": []}
        for _ in range(ROUNDS):
            results["none"].append(measure(add))
            results["probity"].append(measure(wrapped))
        if shop.dropped:
            raise SystemExit(f"{shop.dropped} calls were not sent: the figures are worth nothing")
    print(f"{'':10}{'median':>10}{'p99':>10}{'CPU':>10}")
    for name, rounds in results.items():
        print(f"{name:10}" + "".join(f"{statistics.median(column):10.1f}" for column in zip(*rounds)))


def measure(call):
    """Median and p99 of a call, and the CPU of the process per call. Between the calls, other threads get their turn."""
    times = []
    cpu = time.process_time()
    for index in range(-WARM_UP, CALLS):
        before = time.perf_counter()
        call(index)
        after = time.perf_counter()
        if index >= 0:
            times.append((after - before) * 1e6)
        if index % 10 == 0:
            time.sleep(0)
    cpu = (time.process_time() - cpu) * 1e6 / (CALLS + WARM_UP)
    times.sort()
    return times[CALLS // 2], times[CALLS * 99 // 100], cpu


if __name__ == "__main__":
    main()
