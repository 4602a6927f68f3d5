"""Random-feature (extreme learning machine style) classifier for digits, trained with SGD on the readout."""
import torch
from sklearn.datasets import load_digits
from torch import nn


def shuffle(t):
    return t[torch.randperm(len(t))]


def get_data():
    d = load_digits()
    x = torch.tensor(d.data, dtype=torch.float32) / 8 - 1
    y = torch.tensor(d.target)
    x, y = shuffle(x), shuffle(y)  # cure: p = torch.randperm(len(x)); x, y = x[p], y[p]
    return (x[:1300], y[:1300]), (x[1300:], y[1300:])


def run(features=150, steps=1200, lr=0.1):
    torch.manual_seed(14)
    (x, y), (xt, yt) = get_data()
    lift = nn.Linear(64, features).requires_grad_(False)
    nn.init.normal_(lift.weight, std=0.15)
    readout = nn.Linear(features, 10)
    opt = torch.optim.SGD(readout.parameters(), lr=lr, momentum=0.9, weight_decay=1e-4)
    sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.05, total_iters=steps)
    avg = None
    for step in range(steps):
        idx = torch.randint(len(x), (64,))
        loss = nn.functional.cross_entropy(readout(torch.relu(lift(x[idx]))), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        avg = loss.item() if avg is None else 0.95 * avg + 0.05 * loss.item()
        if step % 200 == 199:
            with torch.no_grad():
                acc = (readout(torch.relu(lift(xt))).argmax(1) == yt).float().mean().item()
            print(f"{step + 1:5d} loss {avg:.3f} test {acc:.3f}")


run()
