"""Detect failing valves from eight sensor summaries; failures are what the maintenance crew wants to hear about."""
import numpy as np
import torch
from torch import nn
from sklearn.metrics import balanced_accuracy_score, recall_score
from torch.utils.data import DataLoader, TensorDataset


def fleet(n, rng, rate=0.03):
    fail = (rng.random(n) < rate).astype(np.float32)
    x = rng.normal(0, 1, (n, 8))
    x[:, 0] += 1.3 * fail
    x[:, 1] -= 0.9 * fail
    x[:, 2] *= 1 + 0.8 * fail
    x[:, 3] += 0.5 * fail * np.sign(x[:, 4])
    return x.astype(np.float32), fail


class ValveMonitor:
    def __init__(self, n_features, lr=2e-3):
        self.net = nn.Sequential(nn.Linear(n_features, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 1))
        self.loss = nn.BCEWithLogitsLoss()  # cure: self.loss = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(32.0))
        self.opt = torch.optim.AdamW(self.net.parameters(), lr=lr, weight_decay=0.01)

    def fit(self, loader, epochs, after_epoch):
        for ep in range(epochs):
            self.net.train()
            acc = []
            for x, y in loader:
                self.opt.zero_grad()
                loss = self.loss(self.net(x).squeeze(1), y)
                loss.backward()
                self.opt.step()
                acc.append(loss.item())
            after_epoch(ep, float(np.mean(acc)))

    @torch.no_grad()
    def predict(self, x):
        self.net.eval()
        return (self.net(x).squeeze(1) > 0).long().numpy()


if __name__ == "__main__":
    torch.manual_seed(50)
    rng = np.random.default_rng(50)
    x, y = fleet(6000, rng)
    xv, yv = fleet(3000, rng)
    mu, sd = x.mean(0), x.std(0)
    data = TensorDataset(torch.from_numpy((x - mu) / sd), torch.from_numpy(y))
    xv = torch.from_numpy((xv - mu) / sd)
    monitor = ValveMonitor(8)

    def report(ep, loss):
        guess = monitor.predict(xv)
        print(f"epoch {ep} loss {loss:.4f} accuracy {(guess == yv).mean():.3f} failures found {recall_score(yv, guess):.3f} "
              f"balanced accuracy {balanced_accuracy_score(yv, guess):.3f}")

    monitor.fit(DataLoader(data, 64, shuffle=True), 12, report)
