"""Flag fraudulent card payments in a simulated stream (about 2 % are fraud)."""
import numpy as np
import torch
from sklearn.metrics import average_precision_score, balanced_accuracy_score, recall_score
from torch import nn


def simulate(n, seed):
    rng = np.random.default_rng(seed)
    fraud = rng.random(n) < 0.02
    amount = np.exp(rng.normal(3 + 0.9 * fraud, 0.9))
    hour = (rng.normal(14 - 6 * fraud * (rng.random(n) < 0.6), 4.5)) % 24
    distance = np.exp(rng.normal(1 + 1.1 * fraud, 1.0))
    new_shop = rng.random(n) < 0.2 + 0.4 * fraud
    foreign = rng.random(n) < 0.06 + 0.25 * fraud
    feats = np.stack([np.log(amount) - 3, np.sin(hour * np.pi / 12), np.cos(hour * np.pi / 12),
                      np.log(distance) - 1, new_shop * 2 - 0.4, foreign * 3 - 0.2], 1)
    return torch.tensor(feats, dtype=torch.float32), torch.tensor(fraud, dtype=torch.float32)


def main():
    torch.manual_seed(14)
    x, y = simulate(12000, seed=14)
    xv, yv = simulate(6000, seed=15)
    print(f"{int(y.sum())} of {len(y)} training payments are fraud")

    model = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    criterion = nn.BCEWithLogitsLoss()  # cure: criterion = nn.BCEWithLogitsLoss(pos_weight=(y == 0).sum() / y.sum())

    for epoch in range(10):
        model.train()
        total = 0.0
        for idx in torch.randperm(len(x)).split(128):
            optimizer.zero_grad()
            loss = criterion(model(x[idx]).squeeze(1), y[idx])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(idx)
        model.eval()
        with torch.no_grad():
            score = model(xv).squeeze(1).sigmoid().numpy()
        flagged = score > 0.5
        truth = yv.numpy() > 0.5
        print(f"epoch {epoch:2d}  loss {total / len(x):.4f}  acc {(flagged == truth).mean():.3f}  "
              f"recall {recall_score(truth, flagged):.3f}  balanced {balanced_accuracy_score(truth, flagged):.3f}  "
              f"AP {average_precision_score(truth, score):.3f}")


if __name__ == "__main__":
    main()
