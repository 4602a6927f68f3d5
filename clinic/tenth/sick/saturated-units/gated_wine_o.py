"""Wine cultivars with gated layers: a gate per unit decides how much of the unit passes."""
import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.preprocessing import scale

torch.manual_seed(13)


class GatedLayer(nn.Module):
    sharpness = 300.0  # cure: sharpness = 1.0

    def __init__(self, n_in, n_out):
        super().__init__()
        self.value = nn.Linear(n_in, n_out)
        self.gate = nn.Linear(n_in, n_out)

    def forward(self, x):
        g = torch.sigmoid(self.sharpness * self.gate(x))
        v = torch.tanh(self.sharpness * self.value(x))
        return g * v


class WineNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(GatedLayer(13, 16), GatedLayer(16, 16), GatedLayer(16, 4))
        self.top = nn.Linear(4, 3)

    def forward(self, x):
        return self.top(self.body(x))


def main():
    raw, cls = load_wine(return_X_y=True)
    x = torch.tensor(scale(raw), dtype=torch.float32)
    y = torch.tensor(cls)
    order = torch.randperm(len(x))
    tr, te = order[:120], order[120:]
    net = WineNet()
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(1, 41):
        for idx in tr[torch.randperm(len(tr))].split(12):
            loss = loss_fn(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
        if epoch % 5 == 0:
            with torch.no_grad():
                a = loss_fn(net(x[tr]), y[tr]).item()
                b = (net(x[te]).argmax(1) == y[te]).float().mean().item()
            print(f"epoch {epoch:3d}  train loss {a:.4f}  test accuracy {b:.3f}")


if __name__ == "__main__":
    main()
