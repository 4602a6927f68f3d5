"""Gas sensor drift: batch-normalised MLP, evaluated on the test file in its own order (by gas)."""
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


class GasNet(nn.Module):
    def __init__(self, n_in=10, n_gas=5, width=40):
        super().__init__()
        self.l1, self.b1 = nn.Linear(n_in, width), nn.BatchNorm1d(width)
        self.l2, self.b2 = nn.Linear(width, width), nn.BatchNorm1d(width)
        self.out = nn.Linear(width, n_gas)

    def forward(self, x):
        x = F.relu(self.b1(self.l1(x)))
        x = F.relu(self.b2(self.l2(x)))
        return self.out(x)


def measure(n, centres, ordered):
    gas = torch.randint(0, 5, (n,))
    if ordered:
        gas = gas.sort().values
    dose = 0.5 + torch.rand(n, 1)
    return TensorDataset(dose * centres[gas] + 0.5 * torch.randn(n, centres.shape[1]), gas)


@torch.no_grad()
def test(net, loader):
    # cure: net.eval()
    loss = hits = n = 0
    for x, y in loader:
        out = net(x)
        loss += F.cross_entropy(out, y, reduction="sum").item()
        hits += (out.argmax(1) == y).sum().item()
        n += len(y)
    return loss / n, hits / n


def main():
    torch.manual_seed(50)
    centres = torch.randn(5, 10)
    train_loader = DataLoader(measure(2500, centres, False), batch_size=50, shuffle=True)
    test_loader = DataLoader(measure(1000, centres, True), batch_size=50)
    net = GasNet()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(10):
        net.train()
        total = 0.0
        for x, y in train_loader:
            opt.zero_grad()
            loss = F.cross_entropy(net(x), y)
            loss.backward()
            opt.step()
            total += loss.item() / len(train_loader)
        print("epoch %d train %.4f test %.4f accuracy %.4f" % (epoch, total, *test(net, test_loader)))


if __name__ == "__main__":
    main()
