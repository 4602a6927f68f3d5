"""A narrow but deep classifier for the 8x8 digits, with a held-out part."""
import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class DeepNet(nn.Module):
    def __init__(self, width=40, depth=18):
        super().__init__()
        self.first = nn.Linear(64, width)
        self.middle = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.last = nn.Linear(width, 10)

    def forward(self, x):
        h = torch.tanh(self.first(x))
        for layer in self.middle:
            h = torch.tanh(layer(h))  # cure: h = h + 0.3 * torch.tanh(layer(h))
        return self.last(h)


def main():
    torch.manual_seed(0)
    X, y = load_digits(return_X_y=True)
    X = ((X - X.mean()) / X.std()).astype(np.float32)
    Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)
    loader = DataLoader(TensorDataset(torch.from_numpy(Xa), torch.from_numpy(ya)), batch_size=64, shuffle=True)
    net = DeepNet()
    opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
    Xb, yb = torch.from_numpy(Xb), torch.from_numpy(yb)
    for epoch in range(20):
        net.train()
        running = 0.0
        for xb, target in loader:
            opt.zero_grad()
            loss = nn.functional.cross_entropy(net(xb), target)
            loss.backward()
            opt.step()
            running += loss.item() * len(xb)
        net.eval()
        with torch.no_grad():
            out = net(Xb)
            val, acc = nn.functional.cross_entropy(out, yb).item(), (out.argmax(1) == yb).float().mean().item()
        print(f"[{epoch + 1:02d}] train {running / len(Xa):.4f}  val {val:.4f}  acc {acc:.3f}")


if __name__ == "__main__":
    main()
