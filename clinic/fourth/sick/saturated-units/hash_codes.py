"""Learn 16-bit binary-like codes of digit images for fast look-up; classify from the codes to train them."""
import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn


class SlopedTanh(nn.Module):
    def __init__(self, slope):
        super().__init__()
        self.slope = slope

    def forward(self, x):
        return torch.tanh(self.slope * x)


class Hasher(nn.Module):
    def __init__(self, bits=16, slope=60.0):  # cure: def __init__(self, bits=16, slope=1.0):
        super().__init__()
        self.encode = nn.Sequential(
            nn.Linear(64, 96), SlopedTanh(slope),
            nn.Linear(96, 48), SlopedTanh(slope),
            nn.Linear(48, bits), SlopedTanh(slope),
        )
        self.classify = nn.Linear(bits, 10)

    def forward(self, x):
        return self.classify(self.encode(x))


def retrieval(model, gallery, gy, query, qy, k=5):
    """Share of the k nearest gallery codes that carry the query's label."""
    with torch.no_grad():
        g, q = model.encode(gallery).sign(), model.encode(query).sign()
    near = (q @ g.T).topk(k, dim=1).indices
    return (gy[near] == qy[:, None]).float().mean().item()


def run(epochs=40, batch=64):
    torch.manual_seed(4)
    x, y = load_digits(return_X_y=True)
    x = ((x - x.mean()) / x.std()).astype(np.float32)
    xa, xb, ya, yb = map(torch.tensor, train_test_split(x, y, test_size=0.25, random_state=4))
    model = Hasher()
    opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs)
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(xa)).split(batch):
            loss = nn.functional.cross_entropy(model(xa[idx]), ya[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        sched.step()
        if epoch % 5 == 4:
            hits = retrieval(model, xa, ya, xb, yb)
            print(f"epoch {epoch + 1:2d}  loss {total / len(xa):.3f}  precision@5 {hits:.3f}")


run()
