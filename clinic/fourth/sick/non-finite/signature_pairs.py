"""Learn an embedding of handwritten digits in which equal digits lie close (contrastive loss on random pairs)."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from torch.utils.data import DataLoader, Dataset


class PairDataset(Dataset):
    """Each item is an anchor, a partner of the same or another class, and whether they match."""

    def __init__(self, x, y, seed=0):
        self.x, self.y = torch.tensor(x), torch.tensor(y)
        self.rng = np.random.default_rng(seed)
        self.by_class = {c: np.flatnonzero(y == c) for c in np.unique(y)}

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        label = int(self.y[i])
        if self.rng.random() < 0.5:
            j = self.rng.choice(self.by_class[label])
        else:
            other = self.rng.choice([c for c in self.by_class if c != label])
            j = self.rng.choice(self.by_class[other])
        return self.x[i], self.x[j], float(self.y[i] == self.y[j])


class ContrastiveLoss(nn.Module):
    def __init__(self, margin=1.5):
        super().__init__()
        self.margin = margin

    def forward(self, a, b, same):
        d = (a - b).pow(2).sum(1).sqrt()  # cure: d = ((a - b).pow(2).sum(1) + 1e-8).sqrt()
        pull = same * d.pow(2)
        push = (1 - same) * torch.clamp(self.margin - d, min=0).pow(2)
        return (pull + push).mean()


def knn_score(net, xa, ya, xb, yb):
    net.eval()
    with torch.no_grad():
        ea, eb = net(torch.tensor(xa)), net(torch.tensor(xb))
    net.train()
    ea, eb = torch.nan_to_num(ea).numpy(), torch.nan_to_num(eb).numpy()
    return KNeighborsClassifier(5).fit(ea, ya).score(eb, yb)


def main():
    torch.manual_seed(0)
    x, y = load_digits(return_X_y=True)
    x = (x / 16.0).astype(np.float32)
    xa, xb, ya, yb = train_test_split(x, y, test_size=0.25, stratify=y, random_state=0)
    loader = DataLoader(PairDataset(xa, ya), batch_size=64, shuffle=True)
    net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 8))
    criterion = ContrastiveLoss()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(25):
        losses = []
        for a, b, same in loader:
            loss = criterion(net(a), net(b), same.float())
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        if epoch % 4 == 0:
            print(f"epoch {epoch} loss {np.mean(losses):.4f} 5-NN accuracy {knn_score(net, xa, ya, xb, yb):.3f}")


if __name__ == "__main__":
    main()
