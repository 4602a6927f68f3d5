"""Two-branch digit classifier: one encoder for the upper half of the image, one for the lower half."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset, random_split


def branch():
    return nn.Sequential(nn.Flatten(), nn.Linear(32, 48), nn.ReLU(), nn.Linear(48, 24), nn.ReLU())


class TwoHalves(nn.Module):
    def __init__(self):
        super().__init__()
        self.upper, self.lower = branch(), branch()
        self.fuse = nn.Sequential(nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 10))

    def forward(self, img):
        u = self.upper(img[:, :4])
        l = self.lower(img[:, 4:])
        return self.fuse(torch.cat([u, u], dim=1))  # cure: return self.fuse(torch.cat([u, l], dim=1))


def accuracy(model, loader):
    model.eval()
    with torch.no_grad():
        right = sum((model(a).argmax(1) == b).sum().item() for a, b in loader)
    model.train()
    return right / len(loader.dataset)


def main():
    torch.manual_seed(11)
    d = load_digits()
    images = torch.tensor(d.images, dtype=torch.float32) / 8 - 1
    ds = TensorDataset(images, torch.tensor(d.target))
    train, val = random_split(ds, [1400, len(ds) - 1400])
    tl, vl = DataLoader(train, 64, shuffle=True), DataLoader(val, 256)
    model = TwoHalves()
    opt = torch.optim.AdamW(model.parameters(), lr=2e-3)
    for epoch in range(1, 16):
        tot = 0
        for a, b in tl:
            loss = nn.functional.cross_entropy(model(a), b)
            opt.zero_grad(set_to_none=True)
            loss.backward()
            opt.step()
            tot += loss.item() * len(a)
        print(f"[{epoch:02d}] train loss {tot / len(train):.3f} val acc {accuracy(model, vl):.3f}")


if __name__ == "__main__":
    main()
