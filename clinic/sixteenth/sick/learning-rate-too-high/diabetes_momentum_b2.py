"""Progression of diabetes from ten measurements: SGD with Nesterov momentum on a small network, targets standardised."""
import numpy as np
import torch
from sklearn.datasets import load_diabetes
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
from torch import nn

CONFIG = dict(seed=2, hidden=12, batch=40, epochs=60, lr=0.75, momentum=0.9)  # cure: CONFIG = dict(seed=2, hidden=12, batch=40, epochs=60, lr=0.002, momentum=0.9)


def load():
    x, y = load_diabetes(return_X_y=True)
    parts = train_test_split(x, y, test_size=110, random_state=CONFIG["seed"])
    mx, sx, my, sy = parts[0].mean(0), parts[0].std(0), parts[2].mean(), parts[2].std()
    tensors = [(parts[0] - mx) / sx, (parts[1] - mx) / sx, (parts[2] - my) / sy, (parts[3] - my) / sy]
    return [torch.tensor(np.asarray(a), dtype=torch.float32) for a in tensors]


def run():
    torch.manual_seed(CONFIG["seed"])
    x, xt, y, yt = load()
    net = nn.Sequential(nn.Linear(10, CONFIG["hidden"]), nn.ELU(), nn.Linear(CONFIG["hidden"], 1), nn.Flatten(0))
    opt = torch.optim.SGD(net.parameters(), lr=CONFIG["lr"], momentum=CONFIG["momentum"], nesterov=True, weight_decay=1e-2)
    for epoch in range(1, CONFIG["epochs"] + 1):
        losses = []
        for idx in torch.randperm(len(x)).split(CONFIG["batch"]):
            loss = nn.functional.huber_loss(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        if epoch % 5 == 0:
            with torch.no_grad():
                guess = net(xt)
            print(f"epoch {epoch:2d} train {np.mean(losses):.3f} test {nn.functional.huber_loss(guess, yt):.3f} "
                  f"R2 {r2_score(yt, guess):.3f}")


if __name__ == "__main__":
    run()
