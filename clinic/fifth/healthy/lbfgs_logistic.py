"""Softmax regression with a ridge penalty on the wine table, solved by L-BFGS in closures."""
import numpy as np
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold
from torch import nn


def solve(x, y, ridge=0.02, rounds=8):
    model = nn.Linear(x.shape[1], 3)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    opt = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=4, history_size=8)
    trace = []

    def closure():
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y) + ridge * model.weight.pow(2).sum()
        loss.backward()
        return loss

    for _ in range(rounds):
        trace.append(opt.step(closure).item())
    return model, trace


def main():
    torch.manual_seed(0)
    X, Y = load_wine(return_X_y=True)
    scores = []
    for fold, (tr, va) in enumerate(StratifiedKFold(5, shuffle=True, random_state=0).split(X, Y)):
        m, s = X[tr].mean(0), X[tr].std(0)
        xt, xv = [torch.tensor((X[i] - m) / s, dtype=torch.float32) for i in (tr, va)]
        yt, yv = torch.tensor(Y[tr]), torch.tensor(Y[va])
        model, trace = solve(xt, yt)
        with torch.no_grad():
            out = model(xv)
        acc = (out.argmax(1) == yv).float().mean().item()
        scores.append(acc)
        print(f"fold {fold}: objective {trace[0]:.4f} -> {trace[-1]:.4f}, "
              f"valid loss {nn.functional.cross_entropy(out, yv).item():.4f}, acc {acc:.3f}")
    print(f"mean accuracy {np.mean(scores):.4f}")


if __name__ == "__main__":
    main()
