"""Grade the progression of diabetes in two bands from ten measurements."""
import numpy as np
import torch
from sklearn.datasets import load_diabetes
from torch import nn

BANDS = [140.0]  # progression score above which a patient counts as high risk


class Pipeline:
    def __init__(self, seed=2, test=110):
        data = load_diabetes()
        order = np.random.default_rng(seed).permutation(len(data.target))
        self.x, self.score = data.data[order], data.target[order]
        self.cut = len(order) - test

    def scaled(self):
        m, s = self.x[:self.cut].mean(0), self.x[:self.cut].std(0)
        self.x = (self.x - m) / s
        self.score = (self.score - self.score[:self.cut].mean()) / self.score[:self.cut].std()  # cure: delete
        return self

    def tensors(self):
        x = torch.tensor(self.x, dtype=torch.float32)
        grade = torch.tensor(np.digitize(self.score, BANDS))
        return x[:self.cut], grade[:self.cut], x[self.cut:], grade[self.cut:]


def fit(seed=2):
    torch.manual_seed(seed)
    xt, yt, xv, yv = Pipeline(seed).scaled().tensors()
    model = nn.Sequential(nn.Linear(10, 16), nn.Tanh(), nn.Dropout(0.3), nn.Linear(16, len(BANDS) + 1))
    opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-2)
    lossf = nn.CrossEntropyLoss()
    for epoch in range(1, 41):
        model.train()
        tot = 0.0
        for b in torch.randperm(len(xt)).split(32):
            opt.zero_grad()
            loss = lossf(model(xt[b]), yt[b])
            loss.backward()
            opt.step()
            tot += loss.item() * len(b)
        model.eval()
        with torch.no_grad():
            out = model(xv)
        if epoch % 4 == 0:
            counts = np.bincount(out.argmax(1).numpy(), minlength=2).tolist()
            print(f"{epoch:3d}  train {tot / len(xt):.4f}  valid {lossf(out, yv).item():.4f}  "
                  f"acc {(out.argmax(1) == yv).float().mean().item():.3f}  predicted grades {counts}")


if __name__ == "__main__":
    fit()
