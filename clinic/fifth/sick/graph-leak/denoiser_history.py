"""Convolutional denoising of 1-D signals; keeps the training curve for a plot at the end."""
import math
import resource
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def signals(n):
    t = torch.linspace(0, 1, 128)
    f, ph = 1 + 5 * torch.rand(n, 1), 2 * math.pi * torch.rand(n, 1)
    clean = torch.sin(2 * math.pi * f * t + ph) + (t > torch.rand(n, 1)).float() - 0.5
    return (clean + 0.4 * torch.randn(n, 128)).unsqueeze(1), clean.unsqueeze(1)


class Denoiser(nn.Module):
    def __init__(self, ch=16):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv1d(1, ch, 9, padding=4), nn.ReLU(),
            nn.Conv1d(ch, ch, 9, padding=4), nn.ReLU(),
            nn.Conv1d(ch, 1, 9, padding=4))

    def forward(self, x):
        return x + self.net(x)


def validation_error(model, x, y):
    model.eval()
    return nn.functional.mse_loss(model(x), y)  # cure: return nn.functional.mse_loss(model(x), y).item()


def main():
    torch.manual_seed(90)
    train = DataLoader(TensorDataset(*signals(640)), batch_size=32, shuffle=True)
    xv, yv = signals(256)
    model = Denoiser()
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    history = {"train": [], "valid": []}
    for epoch in range(16):
        for step, (x, y) in enumerate(train):
            model.train()
            loss = nn.functional.mse_loss(model(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            history["train"].append(loss.item())
            if step % 5 == 0:
                history["valid"].append(validation_error(model, xv, yv))
        mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        mean = sum(history["train"][-20:]) / 20
        print(f"epoch {epoch + 1:2d}  train {mean:.4f}  valid {float(history['valid'][-1]):.4f}  peak memory {mb:.0f} MB")
    best = min(float(v) for v in history["valid"])
    print(f"best validation error {best:.4f} of {len(history['valid'])} checks")


main()
