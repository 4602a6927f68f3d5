"""Diabetes progression, regression with an MLP; reports the validation error and, at the end, the held-out one."""
import argparse
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
from torch.utils.data import DataLoader, Subset, TensorDataset


def dataset():
    x, y = load_diabetes(return_X_y=True)
    x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
    return TensorDataset((x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std())


def subset(data, part, pool, seed):
    """A random part of the rows in `pool`: the first 75 % for training, the others for validation."""
    g = torch.Generator().manual_seed(seed)
    rows = pool[torch.randperm(len(pool), generator=g)]
    cut = int(0.75 * len(rows))
    return Subset(data, (rows[:cut] if part == "train" else rows[cut:]).tolist())


@torch.no_grad()
def mse(model, data):
    model.eval()
    x, y = zip(*[data[i] for i in range(len(data))])
    return (model(torch.stack(x)).squeeze(1) - torch.stack(y)).square().mean().item()


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=14)
    ap.add_argument("--seed", type=int, default=2)
    args = ap.parse_args()
    torch.manual_seed(args.seed)
    data = dataset()
    everyone = torch.randperm(len(data))
    pool, held_out = everyone[:352], Subset(data, everyone[352:].tolist())
    train = subset(data, "train", pool, seed=args.seed)
    valid = subset(data, "valid", pool, seed=args.seed + 1)  # cure: valid = subset(data, "valid", pool, seed=args.seed)
    model = nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Dropout(0.4), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
    opt = torch.optim.AdamW(model.parameters(), lr=4e-4, weight_decay=0.05)
    for epoch in range(args.epochs):
        model.train()
        for x, y in DataLoader(train, batch_size=16, shuffle=True):
            opt.zero_grad()
            loss = nn.functional.mse_loss(model(x).squeeze(1), y)
            loss.backward()
            opt.step()
        if epoch % 2 == 1:
            print(f"epoch {epoch + 1} train mse {mse(model, train):.4f} valid mse {mse(model, valid):.4f}")
    print(f"held-out mse {mse(model, held_out):.4f}")


main()
