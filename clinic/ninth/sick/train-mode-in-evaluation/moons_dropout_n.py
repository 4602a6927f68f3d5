"""Moons with a few distractor features: MLP with dropout, accuracy on fresh points after each epoch."""
import torch
from torch import nn
from sklearn.datasets import make_moons
from torch.utils.data import DataLoader, TensorDataset


def points(n, seed):
    xy, lab = make_moons(n, noise=0.15, random_state=seed)
    g = torch.Generator().manual_seed(seed)
    x = torch.cat([torch.tensor(xy, dtype=torch.float32), 0.5 * torch.randn(n, 2, generator=g)], 1)
    return TensorDataset((x - torch.tensor([.5, .25, 0, 0])) / torch.tensor([.87, .5, .5, .5]), torch.tensor(lab))


def make_model(p=0.5):
    return nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Dropout(p), nn.Linear(64, 64), nn.ReLU(), nn.Dropout(p), nn.Linear(64, 2))


@torch.no_grad()
def test(model, loader):
    right = n = 0
    loss = 0.0
    for x, y in loader:
        out = model(x)
        loss += nn.functional.cross_entropy(out, y, reduction="sum").item()
        right += (out.argmax(1) == y).sum().item()
        n += len(y)
    return loss / n, right / n


def train(model, loader, opt):
    model.train()
    for x, y in loader:
        opt.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        opt.step()


if __name__ == "__main__":
    torch.manual_seed(90)
    tr = DataLoader(points(1500, 1), batch_size=30, shuffle=True)
    te = DataLoader(points(1000, 2), batch_size=250)
    model = make_model()
    opt = torch.optim.Adam(model.parameters(), lr=3e-3)
    for epoch in range(15):
        train(model, tr, opt)
        # cure: model.eval()
        loss, acc = test(model, te)
        print(f"epoch {epoch + 1}: test loss {loss:.4f} accuracy {acc:.4f}")
