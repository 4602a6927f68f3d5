"""Breast tumours with gradient accumulation, as on a card with little memory: 16 micro-batches make one step."""
import torch
from torch import nn
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


class Tumours(nn.Module):
    def __init__(self, width=48):
        super().__init__()
        norm = nn.BatchNorm1d  # cure: norm = nn.LayerNorm
        self.stem = nn.Sequential(nn.Linear(30, width), norm(width), nn.ReLU())
        self.mid = nn.Sequential(nn.Linear(width, width), norm(width), nn.ReLU())
        self.drop = nn.Dropout(0.2)
        self.last = nn.Linear(width, 1)

    def forward(self, x):
        return self.last(self.drop(self.mid(self.stem(x)))).squeeze(1)


def load():
    x, t = load_breast_cancer(return_X_y=True)
    xa, xb, ta, tb = train_test_split(x, t, test_size=0.3, random_state=7, stratify=t)
    scaler = StandardScaler().fit(xa)
    make = lambda a: torch.tensor(a, dtype=torch.float32)
    return make(scaler.transform(xa)), make(scaler.transform(xb)), make(ta), make(tb)


def train(model, xa, ta, micro=2, accumulate=16, epochs=15):
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.1)
    lossfn = nn.BCEWithLogitsLoss()
    for epoch in range(epochs):
        model.train()
        total = 0.0
        order = torch.randperm(len(xa))[: len(xa) // (micro * accumulate) * micro * accumulate]
        for k, idx in enumerate(order.split(micro)):
            loss = lossfn(model(xa[idx]), ta[idx])
            (loss / accumulate).backward()
            total += loss.item() * len(idx) / len(order)
            if (k + 1) % accumulate == 0:
                optimizer.step()
                optimizer.zero_grad()
        yield epoch, total


def main():
    torch.manual_seed(0)
    xa, xb, ta, tb = load()
    model = Tumours()
    for epoch, loss in train(model, xa, ta):
        model.eval()
        with torch.no_grad():
            out = model(xb)
            v = nn.functional.binary_cross_entropy_with_logits(out, tb).item()
        print(f"epoch {epoch + 1:2d} train {loss:.4f} valid {v:.4f} accuracy {((out > 0).float() == tb).float().mean():.4f}")


if __name__ == "__main__":
    main()
