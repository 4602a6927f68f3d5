"""A narrow but deep tower of equal layers classifies the digits; one optimizer, step decay, accuracy per epoch."""
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Tower(nn.Module):
    def __init__(self, width=40, depth=12):
        super().__init__()
        self.inp = nn.Linear(64, width)
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, 10)

    def forward(self, x):
        x = self.inp(x)
        for layer in self.layers:
            x = torch.sigmoid(layer(x))  # cure: x = x + 0.3 * torch.relu(layer(x))
        return self.out(self.norm(x))


def get_data():
    x, y = load_digits(return_X_y=True)
    x, xv, y, yv = train_test_split(x, y, test_size=0.2, random_state=1, stratify=y)
    m, s = x.mean(), x.std()
    return [torch.tensor(a, dtype=d) for a, d in (((x - m) / s, torch.float32), (y, torch.long), ((xv - m) / s, torch.float32), (yv, torch.long))]


def main():
    torch.manual_seed(1)
    x, y, xv, yv = get_data()
    loader = DataLoader(TensorDataset(x, y), batch_size=64, shuffle=True)
    net = Tower()
    opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-3)
    sched = torch.optim.lr_scheduler.MultiStepLR(opt, [12], gamma=0.2)
    for epoch in range(16):
        total = 0.0
        for xb, yb in loader:
            loss = nn.functional.cross_entropy(net(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(yb) / len(y)
        sched.step()
        with torch.no_grad():
            out = net(xv)
        first, last = net.layers[0].weight.grad.norm(), net.layers[-1].weight.grad.norm()
        print(f"epoch {epoch:2d} train {total:.4f} valid {nn.functional.cross_entropy(out, yv):.4f} "
              f"acc {(out.argmax(1) == yv).float().mean():.3f} grad first/last layer {first:.1e}/{last:.1e}")


if __name__ == "__main__":
    main()
