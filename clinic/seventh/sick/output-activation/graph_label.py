"""Does the graph contain a triangle-rich core? Message passing on small random graphs, one output unit."""
import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, hidden=24, rounds=2):
        super().__init__()
        self.start = nn.Linear(2, hidden)
        self.msg = nn.ModuleList(nn.Linear(2 * hidden, hidden) for _ in range(rounds))
        self.readout = nn.Sequential(
            nn.Linear(hidden, 24), nn.ReLU(),
            nn.Linear(24, 1),
            nn.Softmax(dim=1),  # cure: nn.Sigmoid(),
        )

    def forward(self, a):
        deg = a.sum(-1, keepdim=True) / 4 - 1
        tri = torch.diagonal(a @ a @ a, dim1=1, dim2=2).unsqueeze(-1) / 8 - 0.5
        h = torch.relu(self.start(torch.cat([deg, tri], -1)))
        for m in self.msg:
            h = torch.relu(m(torch.cat([h, a @ h / 4], -1)))
        return self.readout(h.mean(1)).squeeze(1)


def make_graphs(n, nodes=14):
    y = (torch.rand(n) < 0.5).float()
    a = (torch.rand(n, nodes, nodes) < 0.27).float()
    core = (torch.rand(n, 5, 5) < 0.8).float()
    a[:, :5, :5] = torch.where(y[:, None, None] > 0, core, a[:, :5, :5])
    a = a.triu(1)
    a = a + a.transpose(1, 2)
    for k in range(n):
        p = torch.randperm(nodes)
        a[k] = a[k][p][:, p]
    return a, y


def main():
    torch.manual_seed(61)
    a, y = make_graphs(1200)
    av, yv = make_graphs(400)
    net = Classifier()
    bce = nn.BCELoss()
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(10):
        total = 0.0
        for idx in torch.randperm(len(a)).split(40):
            loss = bce(net(a[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        with torch.no_grad():
            p = net(av)
        print(f"epoch {epoch}  bce {total / len(a):.4f}  val bce {bce(p, yv).item():.4f}  val acc {((p > 0.5) == (yv > 0.5)).float().mean().item():.3f}")


if __name__ == "__main__":
    main()
