"""Full-batch fit of a smooth calibration curve with polynomial features and heavy-ball momentum."""
import torch


def features(t, degree=6):
    cols = [torch.cos(k * torch.acos(t)) for k in range(degree + 1)]
    return torch.stack(cols, 1)


class Calibration(torch.nn.Module):
    def __init__(self, degree=6, hidden=20):
        super().__init__()
        self.degree = degree
        self.a = torch.nn.Linear(degree + 1, hidden)
        self.b = torch.nn.Linear(hidden, 1)

    def forward(self, t):
        return self.b(torch.tanh(self.a(features(t, self.degree)))).squeeze(1)


def main():
    torch.manual_seed(9)
    t = torch.linspace(-0.99, 0.99, 300)
    y = torch.exp(-2 * t) / 3 + 0.4 * torch.sin(6 * t)
    y = (y - y.mean()) / y.std() + 0.03 * torch.randn(300)
    train = torch.rand(300) < 0.8
    model = Calibration()
    opt = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.998)  # cure: opt = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9)
    for it in range(1200):
        loss = ((model(t[train]) - y[train]) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        if it % 40 == 39:
            with torch.no_grad():
                val = ((model(t[~train]) - y[~train]) ** 2).mean().item()
            print(f"iteration {it + 1:4d}  loss {loss.item():.5f}  held-out {val:.5f}")


main()
