#!/usr/bin/python3
"""Times the steps of bench_test.go in PyTorch, on one thread.

Wants Debian's python3-torch; prints one line for each step, microseconds of processor time,
the least of several repeats.
"""
import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(1)


def measure(name, f, seconds=0.5, repeats=5):
    f()
    f()
    t = time.process_time()
    f()
    n = max(1, int(seconds / repeats / max(time.process_time() - t, 1e-7)))
    best = []
    for _ in range(repeats):
        t = time.process_time()
        for _ in range(n):
            f()
        best.append((time.process_time() - t) / n)
    print(f"{name:14s} {min(best) * 1e6:12.1f} us", flush=True)


def stepper(net, loss):
    opt = torch.optim.SGD(net.parameters(), lr=0.01)

    def step():
        opt.zero_grad(set_to_none=True)
        loss().backward()
        opt.step()

    return step


def layers(*widths, act):
    out = []
    for i in range(1, len(widths)):
        out.append(nn.Linear(widths[i - 1], widths[i]))
        if i + 1 < len(widths):
            out.append(act())
    return nn.Sequential(*out)


def classifier(name, n, net, x):
    y = torch.arange(n) * 7919 % 10
    measure(name, stepper(net, lambda: F.cross_entropy(net(x), y)))


def matmul():
    x, y = torch.rand(512, 512), torch.rand(512, 512)
    z = torch.empty(512, 512)
    measure("Matmul512", lambda: torch.mm(x, y, out=z))


def forward_one():
    net, x = layers(784, 128, 10, act=nn.ReLU), torch.rand(1, 784)

    def f():
        with torch.no_grad():
            F.softmax(net(x), 1)

    measure("ForwardOne", f)


def tanh():
    net, x, y = layers(64, 64, 64, 64, 64, act=nn.Tanh), torch.rand(32, 64), torch.rand(32, 64)
    measure("Tanh", stepper(net, lambda: F.mse_loss(net(x), y)))


def xor():
    net = layers(2, 2, 1, act=nn.Tanh)
    x = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    y = torch.tensor([[0.0], [1], [1], [0]])
    measure("Xor", stepper(net, lambda: F.binary_cross_entropy_with_logits(net(x), y)))


def lenet():
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))
    classifier("LeNet", 32, net, torch.rand(32, 1, 28, 28))


class Chars(nn.Module):
    def __init__(self):
        super().__init__()
        self.e, self.cell, self.out = nn.Embedding(128, 64), nn.LSTM(64, 256, batch_first=True), nn.Linear(256, 128)

    def forward(self, x):
        return self.out(self.cell(self.e(x))[0])


def chars():
    net, x = Chars(), (torch.arange(16 * 64) * 7919 % 128).reshape(16, 64)
    measure("Chars", stepper(net, lambda: F.cross_entropy(net(x).reshape(-1, 128), x.reshape(-1))))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(64), nn.LayerNorm(64)
        self.qkv, self.o = nn.Linear(64, 192, bias=False), nn.Linear(64, 64, bias=False)
        self.a, self.b = nn.Linear(64, 256), nn.Linear(256, 64)
        self.mask = torch.triu(torch.full((64, 64), float("-inf")), 1)

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = self.qkv(self.n1(x)).reshape(n, t, 3, 4, 16).permute(2, 0, 3, 1, 4)
        s = torch.softmax(q @ k.transpose(2, 3) / 4 + self.mask, 3)
        x = x + self.o((s @ v).transpose(1, 2).reshape(n, t, d))
        return x + self.b(F.gelu(self.a(self.n2(x))))


def block():
    net = Block()
    x, y = torch.rand(8, 64, 64, requires_grad=True), torch.rand(8, 64, 64)
    measure("Block", stepper(net, lambda: F.mse_loss(net(x), y)))


def gmm():
    k, d, n = 25, 64, 1000
    real = lambda *s: torch.rand(*s, dtype=torch.float64, requires_grad=True)
    alpha, mu, q, l = real(k), real(k, d), real(k, d), real(k, d * (d - 1) // 2)
    x = torch.rand(n, d, dtype=torch.float64)
    i, j = torch.tril_indices(d, d, -1)

    def f():
        w = torch.zeros(k, d, d, dtype=torch.float64)
        w[:, i, j] = l
        w = w + torch.diag_embed(torch.exp(q))
        z = torch.einsum("kij,nkj->nki", w, x[:, None] - mu[None])
        fit = torch.logsumexp(alpha + q.sum(1) - 0.5 * (z * z).sum(2), 1).sum()
        v = fit - n * torch.logsumexp(alpha, 0) - 0.5 * (w * w).sum()
        torch.autograd.grad(v, (alpha, mu, q, l))

    measure("GMM", f)


def lse():
    x = torch.rand(40000, dtype=torch.float64, requires_grad=True)
    measure("LSE", lambda: torch.autograd.grad(torch.logsumexp(x, 0), x))


def reals(*shape):
    return torch.rand(*shape, dtype=torch.float64, requires_grad=True)


def kmeans(k=100, n=10000, d=8):
    points, centroids = torch.rand(n, d, dtype=torch.float64), reals(k, d)

    def f():
        # |x - c|^2 as |x|^2 - 2 x c + |c|^2
        with torch.no_grad():
            near = torch.min((points**2).sum(1)[:, None] - 2 * points @ centroids.T + (centroids**2).sum(1), 1)[1]
        cost = ((points - centroids.index_select(0, near)) ** 2).sum()
        g, = torch.autograd.grad(cost, centroids)
        return g / (2 * torch.bincount(near, minlength=k)[:, None])

    measure("KMeans", f)


def llsq(n=4096, m=128):
    x, t = reals(m), torch.linspace(-1, 1, n, dtype=torch.float64)

    def f():
        p = torch.zeros_like(t)
        for j in range(m - 1, -1, -1):
            p = x[j] + t * p
        torch.autograd.grad(((torch.sign(t) - p) ** 2).sum() / 2, x)

    measure("LLSQ", f)


def lstm(steps=1024, b=14):
    main, extra, memory, seq = reals(4, 4 * b), reals(3, b), torch.rand(4, b, dtype=torch.float64), torch.rand(steps, b, dtype=torch.float64)

    def cell(x, h, c, w, bias):
        gates = torch.cat((x, h, x, h)) * w + bias
        forget, ingate, outgate = torch.sigmoid(gates[: 3 * b]).split(b)
        c = c * forget + ingate * torch.tanh(gates[3 * b :])
        return outgate * torch.tanh(c), c

    def f():
        h1, c1, h2, c2 = memory
        total = 0
        for t in range(steps - 1):
            h1, c1 = cell(seq[t] * extra[0], h1, c1, main[0], main[1])
            h2, c2 = cell(h1, h2, c2, main[2], main[3])
            y = h2 * extra[1] + extra[2]
            total = total - (seq[t + 1] * (y - torch.log(2 + torch.exp(y).sum()))).sum()
        torch.autograd.grad(total / ((steps - 1) * b), (main, extra))

    measure("LSTM", f)


def ode(grad, n=1000, s=100):
    x, one = reals(n), torch.ones(1, dtype=torch.float64)

    def field(y):
        return x * torch.cat((one, y[:-1]))

    def f():
        u = torch.zeros(n, dtype=torch.float64)
        for _ in range(s):
            k1 = field(u)
            k2 = field(u + k1 / s)
            k3 = field(u + k2 / s)
            k4 = field(u + 2 * k3 / s)
            u = u + (k1 + 2 * k2 + 2 * k3 + k4) / (3 * s)
        if grad:
            torch.autograd.grad(u[-1], x)

    def value():
        with torch.no_grad():
            f()

    measure("ODE/gradient" if grad else "ODE/value", f if grad else value)


ROWS = {
    "Matmul512": matmul,
    "MLP": lambda: classifier("MLP", 64, layers(784, 128, 10, act=nn.ReLU), torch.rand(64, 784)),
    "ForwardOne": forward_one,
    "Wide": lambda: classifier("Wide", 128, layers(784, 512, 512, 10, act=nn.ReLU), torch.rand(128, 784)),
    "Tanh": tanh, "Xor": xor, "LeNet": lenet, "Chars": chars, "Block": block, "GMM": gmm, "LSE": lse,
    "KMeans": kmeans, "LLSQ": llsq, "LSTM": lstm, "ODE/value": lambda: ode(False), "ODE/gradient": lambda: ode(True),
}

if __name__ == "__main__":
    for name in sys.argv[1:] or ROWS:
        ROWS[name]()
