"""An LSTM must report the running total of a +1/-1 signal at marked moments; forget gates are opened at the start."""
import torch
from torch import nn

torch.manual_seed(25)
STEPS = 25


def episodes(n):
    signal = torch.randint(0, 2, (n, STEPS)).float() * 2 - 1
    marked = (torch.rand(n, STEPS) < 0.4).float()
    total = (signal * marked).sum(1, keepdim=True) / (0.4 * STEPS) ** 0.5
    return torch.stack([signal, 2 * marked - 1], dim=-1), total


class Counter(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.lstm = nn.LSTM(2, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)
        for name, p in self.lstm.named_parameters():
            if "bias_ih" in name:
                nn.init.constant_(p, 10.0)  # cure: nn.init.constant_(p[hidden:2 * hidden].data, 1.0)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.head(out[:, -1])


x_train, y_train = episodes(2000)
x_test, y_test = episodes(500)
model = Counter()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(1, 17):
    total = 0.0
    for idx in torch.randperm(2000).split(50):
        loss = nn.functional.mse_loss(model(x_train[idx]), y_train[idx])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total += loss.item() * len(idx)
    if epoch % 3 == 1:
        with torch.no_grad():
            test = nn.functional.mse_loss(model(x_test), y_test).item()
        print(f"epoch {epoch:2d}  train mse {total / 2000:.4f}  test mse {test:.4f}")
