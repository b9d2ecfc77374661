#!/usr/bin/python3
"""Times the steps of bench_test.go, and in turn those of every peer that is installed, as one table.

    bench/compare.py [ROUNDS]     # Markdown on standard output, what is missing on standard error

One thread, the least of several rounds: of nnc the time of the clock, of peers that of the processor, which on a machine
that others use too favours the peers. Peers are PyTorch (Debian's python3-torch, peer.py), and in the module bench/peers
Gorgonia, GoMLX with its backend in Go, OpenBLAS and gonum's own BLAS (needs libopenblas-dev), and loops written by hand.
"""
import collections
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = ("Matmul512 MLP ForwardOne Wide Tanh Xor LeNet Chars Block GMM KMeans LSE LLSQ LSTM ODE/value ODE/gradient").split()
GOALS = {  # microseconds that DESIGN names as "must" and "should"
    "Matmul512": (2 * 512**3 / 150e3, 2 * 512**3 / 175e3), "MLP": (240, 190), "Wide": (3000, 2500), "Tanh": (50, 30),
    "Xor": (1, 0.15), "LeNet": (1500, 900), "ForwardOne": (8, 4), "LSTM": (4000, 1900), "GMM": (45000, 25000),
    "KMeans": (3500, 2400), "LSE": (180, 120), "LLSQ": (1000, 700), "Chars": (30000, 16000), "Block": (2500, 1500),
}
# Memory that PyTorch frees is kept: to fault in its pages anew would cost it 15 times the work in kmeans.
ENV = dict(os.environ, MALLOC_MMAP_THRESHOLD_="1000000000", MALLOC_TRIM_THRESHOLD_="1000000000", GOWORK="off", OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", CGO_LDFLAGS="-lopenblas",
           ASSUME_NO_MOVING_GC_UNSAFE_RISK_IT_WITH="go1.26")


def took(exe, row):
    """Microseconds of one step, as the benchmark itself says: a difference of two processes' times would be too small by more than 10%."""
    pattern = "/".join("^%s$" % x for x in ("Benchmark" + row).split("/"))
    out = subprocess.run([exe, "-test.bench", pattern, "-test.cpu", "1", "-test.benchtime", "0.3s"],
                         capture_output=True, text=True, check=True, cwd=HERE).stdout
    return float(re.search(r"([0-9.]+) ns/op", out).group(1)) / 1e3


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
            for row in ROWS:
                note(row, "nnc", took(exe, row))
            for name, cmd in others.items():
                peer = subprocess.run(cmd, capture_output=True, text=True, env=ENV)
                for line in peer.stdout.splitlines():
                    row, us, _ = line.split()
                    if row in ROWS:
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
