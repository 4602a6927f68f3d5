"""A convolutional denoiser for digits, with the best validation epoch looked up in a history."""
import resource

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader

torch.manual_seed(44)


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Denoiser(nn.Module):
    def __init__(self, c=24):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, c, 3, padding=1), nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1), nn.ReLU(),
            nn.Conv2d(c, 1, 3, padding=1))

    def forward(self, x):
        return x + self.net(x)


def validate(model, clean, noisy):
    model.eval()
    return nn.functional.mse_loss(model(noisy), clean)


def main():
    images = torch.tensor(load_digits().images, dtype=torch.float32).unsqueeze(1)
    images = (images - images.mean()) / images.std()
    images = images[torch.randperm(len(images))]
    train, clean = images[:1000], images[1000:]
    noisy = clean + 0.5 * torch.randn_like(clean)
    model = Denoiser()
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    history = {"train": [], "valid": []}
    for epoch in range(18):
        model.train()
        losses = []
        for x in DataLoader(train, batch_size=50, shuffle=True):
            loss = nn.functional.mse_loss(model(x + 0.5 * torch.randn_like(x)), x)
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        history["train"].append(sum(losses) / len(losses))
        history["valid"].append(validate(model, clean, noisy))  # cure: history["valid"].append(validate(model, clean, noisy).item())
        print(f"epoch {epoch + 1:2d} train {history['train'][-1]:.4f} valid {history['valid'][-1]:.4f} memory {memory():.0f} MB")
    best = min(range(18), key=lambda k: history["valid"][k])
    print(f"best epoch: {best + 1}")


if __name__ == "__main__":
    main()
