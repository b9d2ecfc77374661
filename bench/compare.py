#!/usr/bin/python3
"""Times the steps of bench_test.go, and in turn those of peer.py, as one table.

Processor time on one thread, the least of several rounds: on a machine that
others use too it varies far less than what a clock shows.
"""
import collections
import os
import resource
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS = {  # how often: about 0.3 s
    "Matmul512": 100, "MLP": 600, "ForwardOne": 30000, "Wide": 40, "Tanh": 3000, "Xor": 300000,
    "LeNet": 80, "Chars": 8, "Block": 60, "GMM": 15, "KMeans": 15, "LSE": 300, "LLSQ": 250,
    "LSTM": 60, "ODE/value": 300, "ODE/gradient": 100,
}


def used(exe, row, n):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    pattern = "/".join("^%s$" % x for x in ("Benchmark" + row).split("/"))
    subprocess.run([exe, "-test.bench", pattern, "-test.cpu", "1", "-test.benchtime", "%dx" % n],
                   stdout=subprocess.DEVNULL, check=True, cwd=HERE)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def main(rounds=3):
    exe = os.path.join(tempfile.mkdtemp(), "bench.test")
    subprocess.run(["go", "test", "-c", "-o", exe, "."], check=True, cwd=HERE)
    least = collections.defaultdict(dict)

    def note(row, who, us):
        least[row][who] = min(least[row].get(who, us), us)

    for _ in range(rounds):
        for row, n in STEPS.items():
            note(row, "nnc", (used(exe, row, n) - used(exe, row, 1)) / (n - 1) * 1e6)
        peer = subprocess.run(["/usr/bin/python3", os.path.join(HERE, "peer.py")], capture_output=True, text=True)
        for line in peer.stdout.splitlines():
            row, us, _ = line.split()
            note(row, "peer", float(us))
    for row, t in least.items():
        ratio = "%6.2f" % (t["peer"] / t["nnc"]) if "peer" in t else ""
        print("%-14s %12.2f us %12s %s" % (row, t["nnc"], "%.2f us" % t["peer"] if "peer" in t else "", ratio))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
