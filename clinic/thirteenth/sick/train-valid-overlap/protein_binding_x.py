"""Predict the binding strength of short peptides with a small convolution over one-hot residues."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Subset, TensorDataset


def peptides(n, seed):
    g = torch.Generator().manual_seed(seed)
    seq = torch.randint(0, 20, (n, 9), generator=g)
    size = torch.linspace(-1, 1, 20)[seq]
    charge = torch.sin(torch.arange(20) * 2.4)[seq]
    y = size[:, 1] + charge[:, 8] + 1.2 * (charge[:, 3] * charge[:, 4]) + 0.5 * torch.randn(n, generator=g)
    return TensorDataset(nn.functional.one_hot(seq, 20).float().transpose(1, 2), y)


class Peptide(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Conv1d(20, 8, 1)
        self.conv = nn.Conv1d(8, 48, 3)
        self.fc = nn.Sequential(nn.Linear(48 * 7, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 1))

    def forward(self, x):
        return self.fc(torch.relu(self.conv(self.embed(x))).flatten(1)).squeeze(1)


def mse(model, data):
    model.eval()
    total = 0.0
    with torch.no_grad():
        for x, y in DataLoader(data, batch_size=500):
            total += (model(x) - y).pow(2).sum().item()
    return total / len(data)


def main():
    torch.manual_seed(7)
    full, blind = peptides(2000, 7), peptides(600, 8)
    model = Peptide()
    opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
    order = torch.randperm(len(full))
    for epoch in range(12):
        order = torch.randperm(len(full))  # cure: delete
        train, valid = Subset(full, order[400:].tolist()), Subset(full, order[:400].tolist())
        model.train()
        for x, y in DataLoader(train, batch_size=32, shuffle=True):
            opt.zero_grad()
            nn.functional.mse_loss(model(x), y).backward()
            opt.step()
        print(f"epoch {epoch:2d}: train {mse(model, train):.3f} valid {mse(model, valid):.3f} blind {mse(model, blind):.3f}")


main()
