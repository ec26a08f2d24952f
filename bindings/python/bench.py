"""Times calls for `cargo bench --bench bindings`, and prints nanoseconds a call:

    bench.py fetch SAMPLES BATCH URL
    bench.py parse SAMPLES BATCH FILE
"""

import sys
import time

import mlab


WARMING_NS = 400_000_000


def measure(call, samples, batch):
    begun = time.perf_counter_ns()
    while time.perf_counter_ns() - begun < WARMING_NS:
        call()
    took = []
    for _ in range(samples):
        start = time.perf_counter_ns()
        for _ in range(batch):
            result = call()
        took.append((time.perf_counter_ns() - start) / batch)
    took.sort()
    length = sum(len(url) for url in result.urls)
    print(f"bytes={length} min={took[0]} median={took[samples // 2]} p90={took[samples * 9 // 10]}")


def main(mode, samples, batch, target):
    if mode == "fetch":
        with mlab.Client("test-key-not-real", endpoint=target) as client:
            measure(lambda: client.fetch("12202888"), int(samples), int(batch))
    else:
        with open(target, "rb") as file:
            body = file.read()
        measure(lambda: mlab.parse(body, 200), int(samples), int(batch))


main(*sys.argv[1:])
