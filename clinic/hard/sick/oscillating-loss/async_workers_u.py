"""Simulates asynchronous data-parallel training: each of the workers reads the weights, computes a
gradient on its own mini-batch and hands it to the server, which applies them as they arrive."""
from collections import deque

import torch
from sklearn.datasets import load_wine
from torch import nn

WORKERS = 12
LR = 0.3  # cure: LR = 0.3 / WORKERS
ROUNDS = 2500


class Server:
    def __init__(self, model, lr):
        self.model, self.lr = model, lr

    @torch.no_grad()
    def apply(self, grads):
        for p, g in zip(self.model.parameters(), grads):
            p -= self.lr * g


def compute(model, x, y):
    loss = nn.functional.cross_entropy(model(x), y, label_smoothing=0.1)
    return loss.item(), torch.autograd.grad(loss, list(model.parameters()))


def main():
    torch.manual_seed(1)
    wine = load_wine()
    x = torch.tensor(wine.data, dtype=torch.float32)
    y = torch.tensor(wine.target)
    perm = torch.randperm(len(x))
    tr, te = perm[:130], perm[130:]
    mean, std = x[tr].mean(0), x[tr].std(0)
    x = (x - mean) / std
    model = nn.Sequential(nn.Linear(13, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 3))
    server = Server(model, LR)
    in_flight = deque()
    window = []
    for r in range(1, ROUNDS + 1):
        batch = tr[torch.randint(len(tr), (32,))]
        loss, grads = compute(model, x[batch], y[batch])
        in_flight.append(grads)
        window.append(loss)
        if len(in_flight) >= WORKERS:
            server.apply(in_flight.popleft())
        if r % 100 == 0:
            with torch.no_grad():
                out = model(x[te])
            acc = (out.argmax(1) == y[te]).float().mean().item()
            print(f"round {r:4d} loss now {window[-1]:.4f} mean {sum(window[-100:]) / 100:.4f} "
                  f"max {max(window[-100:]):.4f} test {nn.functional.cross_entropy(out, y[te]).item():.4f} acc {acc:.3f}")


main()
