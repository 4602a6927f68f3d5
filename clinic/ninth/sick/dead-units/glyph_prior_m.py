"""Digit images: a detector-style head whose bias starts at the prior log-odds, so that early training is calm."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset, random_split


def init_prior(module, prior=0.1):
    bias = torch.log(torch.tensor(prior / (1 - prior)))
    for layer in module.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):  # cure: if isinstance(layer, nn.Linear) and layer.out_features == 10:
            nn.init.constant_(layer.bias, bias.item())


class Glyphs(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 12, 3, padding=1)
        self.c2 = nn.Conv2d(12, 24, 3, padding=1)
        self.fc = nn.Linear(24 * 4, 48)
        self.head = nn.Linear(48, 10)
        init_prior(self)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        return self.head(F.relu(self.fc(x.flatten(1))))


def accuracy(net, loader):
    net.eval()
    with torch.no_grad():
        hits = sum((net(x).argmax(1) == y).sum().item() for x, y in loader)
    return hits / len(loader.dataset)


def main():
    torch.manual_seed(17)
    d = load_digits()
    x = torch.tensor(d.images, dtype=torch.float32)[:, None]
    x = (x - x.mean()) / x.std()
    train, test = random_split(TensorDataset(x, torch.tensor(d.target)), [1400, 397])
    tl, vl = DataLoader(train, 64, shuffle=True), DataLoader(test, 200)
    net = Glyphs()
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(10):
        net.train()
        for xb, yb in tl:
            target = F.one_hot(yb, 10).float()
            loss = F.binary_cross_entropy_with_logits(net(xb), target)
            opt.zero_grad()
            loss.backward()
            opt.step()
        print(f"epoch {epoch} loss {loss.item():.4f} test accuracy {accuracy(net, vl):.4f}")


main()
