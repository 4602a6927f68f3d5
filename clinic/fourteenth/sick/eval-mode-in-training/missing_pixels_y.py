"""Digits from a sensor array whose pixels fail in use: input dropout prepares the network for that, a test mask measures it."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(52)
FAIL = 0.6


class SensorNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.fail = nn.Dropout(FAIL)
        self.net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, x):
        return self.net(self.fail(x))


class Experiment:
    def __init__(self):
        d = load_digits()
        x = torch.tensor(d.data, dtype=torch.float32)
        x, y = (x - x.mean()) / x.std(), torch.tensor(d.target)
        order = torch.randperm(len(x))
        x, y = x[order], y[order]
        self.loader = DataLoader(TensorDataset(x[:1350], y[:1350]), batch_size=32, shuffle=True)
        self.x_val, self.y_val = x[1350:], y[1350:]
        self.broken = (torch.rand(self.x_val.shape) > FAIL).float() / (1 - FAIL)
        self.model = SensorNet()
        self.opt = torch.optim.Adam(self.model.parameters(), lr=1e-3, weight_decay=1e-4)
        self.ce = nn.CrossEntropyLoss()

    def validate(self):
        self.model.eval()
        with torch.no_grad():
            whole, damaged = self.model(self.x_val), self.model(self.x_val * self.broken)
        return [(o.argmax(1) == self.y_val).float().mean().item() for o in (whole, damaged)] + [self.ce(damaged, self.y_val).item()]

    def one_epoch(self):
        mean = 0.0
        for x, y in self.loader:
            self.opt.zero_grad()
            loss = self.ce(self.model(x), y)
            loss.backward()
            self.opt.step()
            mean += loss.item() / len(self.loader)
        return mean

    def run(self, epochs):
        self.model.train()
        for epoch in range(1, epochs + 1):
            # cure: self.model.train()
            loss = self.one_epoch()
            whole, damaged, damaged_loss = self.validate()
            if epoch % 4 == 0:
                print(f"epoch {epoch:2d} loss {loss:.4f} | intact array: acc {whole:.3f} | {FAIL:.0%} of the pixels failed: acc {damaged:.3f} loss {damaged_loss:.3f}")


if __name__ == "__main__":
    Experiment().run(40)
