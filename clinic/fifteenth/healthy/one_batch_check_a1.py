"""Sanity check before the long run: can the convolutional network memorise one batch of 32 digits?  It has to."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn


def make_model():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))


def overfit_one_batch(model, x, y, steps=200, lr=1e-3):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    for step in range(steps + 1):
        out = model(x)
        loss = F.cross_entropy(out, y)
        if step % 20 == 0:
            print(f"step {step:3d}  loss {loss.item():.5f}  right {(out.argmax(1) == y).sum().item()} of {len(y)}")
        opt.zero_grad()
        loss.backward()
        opt.step()
    return loss.item()


if __name__ == "__main__":
    torch.manual_seed(2)
    d = load_digits()
    x = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1)
    x = (x - x.mean()) / x.std()
    y = torch.tensor(d.target)
    pick = torch.randperm(len(y))[:32]
    final = overfit_one_batch(make_model(), x[pick], y[pick])
    assert final < 0.02, "the model cannot even memorise one batch"
    print("check passed: the training loop and the model work")
