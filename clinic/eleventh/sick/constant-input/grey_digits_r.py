"""Digit recognition from 8-bit greyscale pictures through a Dataset and a small CNN."""
import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split


class GreyDigits(Dataset):
    """Serves (1, 8, 8) float pictures in [0, 1] and their class."""

    def __init__(self):
        d = load_digits()
        self.pixels = np.round(d.images * 15).astype(np.uint8)
        self.classes = d.target

    def __len__(self):
        return len(self.classes)

    def __getitem__(self, i):
        img = self.pixels[i] // 255  # cure: img = self.pixels[i] / 255
        return torch.as_tensor(img, dtype=torch.float32).unsqueeze(0), int(self.classes[i])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 16, 10)

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        x = nn.functional.max_pool2d(torch.relu(self.conv2(x)), 2)
        return self.fc(x.flatten(1))


def run_epoch(model, loader, opt=None):
    model.train(opt is not None)
    loss_sum = hits = count = 0
    with torch.set_grad_enabled(opt is not None):
        for img, label in loader:
            out = model(img)
            loss = nn.functional.cross_entropy(out, label)
            if opt is not None:
                opt.zero_grad()
                loss.backward()
                opt.step()
            loss_sum += loss.item() * len(label)
            hits += (out.argmax(1) == label).sum().item()
            count += len(label)
    return loss_sum / count, hits / count


if __name__ == "__main__":
    torch.manual_seed(0)
    train, valid = random_split(GreyDigits(), [1400, 397])
    train_loader = DataLoader(train, batch_size=32, shuffle=True)
    valid_loader = DataLoader(valid, batch_size=128)
    net = Net()
    adam = torch.optim.Adam(net.parameters(), lr=2e-3)
    for ep in range(1, 9):
        tl, ta = run_epoch(net, train_loader, adam)
        vl, va = run_epoch(net, valid_loader)
        print(f"{ep:2d}  train {tl:.3f} ({ta:.1%})  valid {vl:.3f} ({va:.1%})")
