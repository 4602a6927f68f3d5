"""Proxy-based metric learning: digits are embedded on a circle-like sphere (3-d), each class has a learned proxy."""
import torch
from sklearn.datasets import load_digits


class Embedder(torch.nn.Module):
    def __init__(self, dim=3):
        super().__init__()
        self.net = torch.nn.Sequential(
            torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 64), torch.nn.ReLU(),
            torch.nn.Linear(64, dim))
        self.proxies = torch.nn.Parameter(torch.randn(10, dim))
        self.log_scale = torch.nn.Parameter(torch.tensor(2.0))

    @torch.no_grad()  # cure: delete
    def encode(self, x):
        z = self.net(x)
        return z / z.norm(dim=1, keepdim=True).clamp(min=1e-6)

    def forward(self, x):
        p = self.proxies / self.proxies.norm(dim=1, keepdim=True)
        return self.log_scale.exp() * self.encode(x) @ p.T


def main():
    torch.manual_seed(0)
    data = load_digits()
    x = torch.tensor(data.data, dtype=torch.float32) / 8 - 1
    y = torch.tensor(data.target)
    perm = torch.randperm(len(x))
    x, y = x[perm], y[perm]
    train, test = (x[:1400], y[:1400]), (x[1400:], y[1400:])
    model = Embedder()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(1, 41):
        order = torch.randperm(1400)
        losses = []
        for part in order.split(50):
            s = model(train[0][part])
            t = train[1][part]
            loss = -(s.gather(1, t[:, None]).squeeze(1) - torch.logsumexp(s, 1)).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        if epoch % 5 == 0:
            with torch.no_grad():
                acc = (model(test[0]).argmax(1) == test[1]).float().mean().item()
            print(f"{epoch:3d}: loss {sum(losses) / len(losses):.3f}, test accuracy {acc:.3f}")


main()
