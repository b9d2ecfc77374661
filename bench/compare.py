#!/usr/bin/python3
"""Times the steps of bench_test.go, and in turn those of every peer that is installed, as one table.

    bench/compare.py [ROUNDS]     # Markdown on standard output, what is missing on standard error

Processor time on one thread, the least of several rounds: on a machine that others use too it varies far less
than what a clock shows. Peers are PyTorch (Debian's python3-torch, peer.py), and in the module bench/peers
Gorgonia, GoMLX with its backend in Go, OpenBLAS and gonum's own BLAS (needs libopenblas-dev), and loops written by hand.
"""
import collections
import os
import resource
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS = {  # how often: about 0.3 s
    "Matmul512": 200, "MLP": 1000, "ForwardOne": 60000, "Wide": 80, "Tanh": 6000, "Xor": 600000,
    "LeNet": 120, "Chars": 14, "Block": 150, "GMM": 15, "KMeans": 180, "LSE": 12000, "LLSQ": 1000,
    "LSTM": 150, "ODE/value": 3000, "ODE/gradient": 800,
}
GOALS = {  # microseconds that DESIGN names as "must" and "should"
    "Matmul512": (2 * 512**3 / 150e3, 2 * 512**3 / 175e3), "MLP": (240, 190), "Wide": (3000, 2500), "Tanh": (50, 30),
    "Xor": (1, 0.15), "LeNet": (1500, 900), "ForwardOne": (8, 4), "LSTM": (4000, 1900), "GMM": (45000, 25000),
    "KMeans": (3500, 2400), "LSE": (180, 120), "LLSQ": (1000, 700), "Chars": (30000, 16000), "Block": (2500, 1500),
}
# Memory that PyTorch frees is kept: to fault in its pages anew would cost it 15 times the work in kmeans.
ENV = dict(os.environ, MALLOC_MMAP_THRESHOLD_="1000000000", MALLOC_TRIM_THRESHOLD_="1000000000", GOWORK="off", OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", CGO_LDFLAGS="-lopenblas",
           ASSUME_NO_MOVING_GC_UNSAFE_RISK_IT_WITH="go1.26")


def used(exe, row, n):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    pattern = "/".join("^%s$" % x for x in ("Benchmark" + row).split("/"))
    subprocess.run([exe, "-test.bench", pattern, "-test.cpu", "1", "-test.benchtime", "%dx" % n],
                   stdout=subprocess.DEVNULL, check=True, cwd=HERE)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def peers(folder):
    """The commands that time peers, by name, of those that are here."""
    found = {}
    torch = ["/usr/bin/python3", os.path.join(HERE, "peer.py")]
    if subprocess.run(["/usr/bin/python3", "-c", "import torch"], capture_output=True).returncode == 0:
        found["PyTorch"] = torch
    for name, cmd in ("OpenBLAS", "netlib"), ("Gorgonia", "gorgonia"), ("GoMLX", "gomlx"), ("by hand", "byhand"):
        exe = os.path.join(folder, cmd)
        made = subprocess.run(["go", "build", "-o", exe, "./" + cmd], cwd=os.path.join(HERE, "peers"), env=ENV, capture_output=True)
        if made.returncode == 0:
            found[name] = [exe]
        else:
            print("no %s: it does not build" % name, file=sys.stderr)
    if "PyTorch" not in found:
        print("no PyTorch: python3-torch is not installed", file=sys.stderr)
    return found


def show(us):
    return "" if us is None else "%.*f" % (2 if us < 10 else 1 if us < 100 else 0, us)


def main(rounds=3):
    with tempfile.TemporaryDirectory() as folder:
        exe = os.path.join(folder, "bench.test")
        subprocess.run(["go", "test", "-c", "-o", exe, "."], check=True, cwd=HERE)
        least, others = collections.defaultdict(dict), peers(folder)

        def note(row, who, us):
            least[row][who] = min(least[row].get(who, us), us)

        for _ in range(rounds):
            for row, n in STEPS.items():
                note(row, "nnc", (used(exe, row, n) - used(exe, row, 1)) / (n - 1) * 1e6)
            for name, cmd in others.items():
                peer = subprocess.run(cmd, capture_output=True, text=True, env=ENV)
                for line in peer.stdout.splitlines():
                    row, us, _ = line.split()
                    if row in STEPS:
                        note(row, name, float(us))
    print("| row | must | should | nnc |", " | ".join(others), "| best peer / nnc |")
    print("|---" * (5 + len(others)) + "|")
    for row, t in least.items():
        must, should = GOALS.get(row, (None, None))
        best = min((t[o] for o in others if o in t), default=None)
        ratio = "" if best is None else "%.1f" % (best / t["nnc"])
        cells = [row, show(must), show(should), show(t["nnc"])] + [show(t.get(o)) for o in others] + [ratio]
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
