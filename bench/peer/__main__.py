"""PyTorch's side of the benchmark. Reads requests from standard input, a line each, and answers each
with a line; bench/process.lua tells what they are."""
import ctypes
import gc
import os
import signal
import statistics
import sys
import time

os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")  # no processes that outlive this one

import torch  # noqa: E402

from registry import WORKLOADS

if os.environ.get("TOCHA_BENCH") == "gpu":
    import gpu  # noqa: F401  (workloads register themselves)
else:
    import ops  # noqa: F401
    import prediction  # noqa: F401
    import training  # noqa: F401

# Seconds in which a form is to be compiled and run first; one that takes longer is left out
LIMIT = int(os.environ.get("TOCHA_COMPILE_SECONDS", 90))

works, known = {}, {}  # known: unit -> calls in a sample, of slow ones
SLOW = 0.1  # seconds


def status(field):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field)) << 10


def trim():
    ctypes.CDLL(None).malloc_trim(0)


def reset_peak():
    trim()
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


def modes(name):
    return " ".join(WORKLOADS[name][0])


def build(name, mode):
    works[mode] = WORKLOADS[name][1](mode)
    return works[mode].inner


def drop():
    """Forgets what was built."""
    works.clear()
    known.clear()
    torch._dynamo.reset()
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    return "dropped"


def check(mode):
    return " ".join("%.9g" % v for v in works[mode].check())


def memory(mode):
    """The peak of some units, in bytes above the idle level."""
    if works[mode].peak:
        return works[mode].peak(works[mode].unit)
    reset_peak()
    for _ in range(2):
        works[mode].unit()
    return status("VmHWM") - idle


def timed(unit, n):
    start = time.perf_counter()
    for _ in range(n):
        unit()
    return time.perf_counter() - start


def repeats(unit, seconds):
    """Warms up. So many calls a sample that reading the clock does not count; a slow unit is warmed
    up the first time only."""
    timed(unit, 1)  # a compiler's time is not the unit's
    n, start = 1, time.perf_counter()
    while True:
        took = timed(unit, n)
        if took < 1e-3:
            n *= 2
        elif time.perf_counter() - start >= seconds / 4:
            if took > SLOW:
                known[unit] = n
            return n


def measure(mode, threads, seconds):
    """The median of a unit's seconds."""
    work, seconds = works[mode], float(seconds)
    torch.set_num_threads(int(threads))
    n, samples = known.get(work.unit) or repeats(work.unit, seconds), []
    start = time.perf_counter()
    while time.perf_counter() - start < seconds or len(samples) < 2:
        samples.append(timed(work.unit, n) / (n * work.inner))
    return "%.9g" % statistics.median(samples)


REQUESTS = {f.__name__: f for f in (modes, build, check, drop, memory, measure)}


def overdue(*_):
    raise TimeoutError("took more than %d s to compile" % LIMIT)


def answer(line):
    name, *arguments = line.split()
    signal.alarm(LIMIT if name in ("build", "check") and "compiled" in line else 0)
    try:
        return "ok %s" % REQUESTS[name](*arguments)
    except Exception as error:  # a workload that fails must not end the run
        return "error " + " ".join(str(error).split())[:200]
    finally:
        signal.alarm(0)


signal.signal(signal.SIGALRM, overdue)
# What the libraries load at first use is not a workload's
WORKLOADS["lenet5"][1]("eager").unit()
trim()
idle = status("VmRSS")
for request in sys.stdin:
    print(answer(request), flush=True)
