"""Machine diagnosis: several of five faults may be present at once in a vibration spectrum (multi-label)."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Diagnoser(nn.Module):
    def __init__(self, n_in=40, n_out=5):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(n_in, 64), nn.ReLU(), nn.Linear(64, n_out))
        self.squash = nn.Sigmoid()

    def forward(self, x):
        return self.squash(self.body(x))  # cure: return self.body(x)

    def predict(self, x):
        return (self(x) > 0.5).float()  # cure: return (self(x) > 0).float()


def spectra(n, g):
    fault = (torch.rand(n, 5, generator=g) < 0.3).float()
    axis = torch.arange(40.0)
    peaks = torch.tensor([5.0, 11.0, 18.0, 26.0, 33.0])
    shift = torch.randn(n, 5, 1, generator=g)
    bumps = torch.exp(-((axis - peaks[:, None] - shift) ** 2) / 4)
    return (fault[:, :, None] * bumps).sum(1) * 2 - 0.5 + 0.5 * torch.randn(n, 40, generator=g), fault


def main():
    torch.manual_seed(131)
    g = torch.Generator().manual_seed(132)
    loader = DataLoader(TensorDataset(*spectra(3000, g)), batch_size=60, shuffle=True)
    xt, yt = spectra(800, g)
    model = Diagnoser()
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    criterion = nn.BCEWithLogitsLoss()
    for epoch in range(6):
        for x, y in loader:
            loss = criterion(model(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
        with torch.no_grad():
            test, pred = criterion(model(xt), yt), model.predict(xt)
        exact = (pred == yt).all(1).float().mean()
        recall = (pred * yt).sum() / yt.sum()
        print(f"epoch {epoch + 1:2d} loss {loss.item():.4f} test {test.item():.4f} all five right {exact:.3f} recall {recall:.3f}")


if __name__ == "__main__":
    main()
