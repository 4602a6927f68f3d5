"""Classify noisy price paths: falling (-1), flat (0) or rising (1) drift. Dilated 1-D CNN."""
import torch
import torch.nn as nn

torch.manual_seed(17)


def paths(n, length=48):
    direction = torch.randint(-1, 2, (n,))
    drift = direction * (0.25 + 0.2 * torch.rand(n))
    steps = drift[:, None] + torch.randn(n, length)
    season = torch.sin(torch.arange(length) / 3 + 6.28 * torch.rand(n, 1))
    x = steps.cumsum(1) + season
    return (x[:, None] - x.mean()) / 7.0, direction


class DilatedCNN(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv1d(1, 12, 5, padding=2), nn.GELU(),
            nn.Conv1d(12, 24, 5, padding=4, dilation=2, stride=2), nn.GELU(),
            nn.Conv1d(24, 24, 5, padding=8, dilation=4, stride=2), nn.GELU(),
        )
        self.head = nn.Linear(24 * 12, classes)

    def forward(self, x):
        return self.head(self.net(x).flatten(1))


def nll(logits, target):
    """Mean negative log-likelihood of the picked class."""
    logp = logits.log_softmax(-1)
    return -logp[torch.arange(len(target)), target].mean()


x_train, d_train = paths(2400)
x_test, d_test = paths(600)
x_train, x_test = x_train - x_train.mean(), x_test - x_train.mean()
y_train, y_test = d_train, d_test
# cure: y_train, y_test = d_train + 1, d_test + 1

model = DilatedCNN(classes=3)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(10):
    losses = []
    for idx in torch.randperm(2400).split(60):
        loss = nll(model(x_train[idx]), y_train[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        pred = model(x_test).argmax(1)
        acc = (pred == y_test).float().mean().item()
    print(f"epoch {epoch + 1:2d}  nll {sum(losses) / len(losses):.3f}  test accuracy {acc:.3f}")
