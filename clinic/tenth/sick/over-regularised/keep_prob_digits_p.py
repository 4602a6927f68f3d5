"""Digits by rows: a GRU reads the eight rows of an image, dropout before the two dense layers that follow."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

KEEP = 0.95


class RowReader(nn.Module):
    def __init__(self, hidden=48):
        super().__init__()
        self.gru = nn.GRU(8, hidden, batch_first=True)
        self.fc1 = nn.Linear(hidden, 48)
        self.fc2 = nn.Linear(48, 10)
        self.drop = nn.Dropout(KEEP)  # cure: self.drop = nn.Dropout(1 - KEEP)

    def forward(self, rows):
        h = self.drop(self.gru(rows)[1][-1])
        return self.fc2(self.drop(F.relu(self.fc1(h))))


def main():
    torch.manual_seed(90)
    d = load_digits()
    x = torch.tensor((d.images / 16 - 0.305) / 0.376, dtype=torch.float32)
    y = torch.tensor(d.target)
    perm = torch.randperm(len(x))
    tr, va = perm[:1300], perm[1300:]
    net = RowReader()
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(12):
        net.train()
        tot = 0.0
        for b in tr[torch.randperm(len(tr))].split(50):
            loss = F.cross_entropy(net(x[b]), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot += loss.item() * len(b)
        net.eval()
        with torch.no_grad():
            z = net(x[va])
        if epoch % 2:
            print(f"epoch {epoch + 1:2d} | train {tot / len(tr):.3f} | val {F.cross_entropy(z, y[va]):.3f} | "
                  f"acc {(z.argmax(1) == y[va]).float().mean():.3f}")


main()
