"""Small residual CNN on the 8x8 digits, trained by number of steps rather than epochs."""
from dataclasses import dataclass
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, SubsetRandomSampler, TensorDataset


@dataclass
class Cfg:
    steps: int = 240
    report: int = 40
    batch: int = 32
    lr: float = 0.03


class ResCNN(nn.Module):
    def __init__(self, c=16):
        super().__init__()
        self.stem = nn.Conv2d(1, c, 3, padding=1)
        self.a = nn.Conv2d(c, c, 3, padding=1)
        self.b = nn.Conv2d(c, c, 3, padding=1)
        self.fc = nn.Linear(c * 16, 10)

    def forward(self, x):
        x = F.relu(self.stem(x))
        x = F.relu(x + self.b(F.relu(self.a(x))))
        return self.fc(F.max_pool2d(x, 2).flatten(1))


def make_loaders(cfg):
    d = load_digits()
    x = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1)
    ds = TensorDataset((x - x.mean()) / x.std(), torch.tensor(d.target))
    perm = torch.randperm(len(ds)).tolist()
    sampler = perm[:1350]  # cure: sampler = SubsetRandomSampler(perm[:1350])
    return DataLoader(ds, cfg.batch, sampler=sampler), DataLoader(ds, 256, sampler=perm[1350:])


def train(cfg: Cfg):
    torch.manual_seed(7)
    train_loader, test_loader = make_loaders(cfg)
    model = ResCNN()
    opt = torch.optim.SGD(model.parameters(), lr=cfg.lr, momentum=0.9, weight_decay=1e-4)
    for step in range(1, cfg.steps + 1):
        x, y = next(iter(train_loader))
        loss = F.cross_entropy(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % cfg.report == 0:
            with torch.no_grad():
                res = [(model(xt).argmax(1) == yt).float() for xt, yt in test_loader]
            print(f"step {step}: loss {loss.item():.4f} test accuracy {torch.cat(res).mean():.3f}")


train(Cfg())
