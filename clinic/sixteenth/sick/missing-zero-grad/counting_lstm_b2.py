"""An LSTM counts how often a pulse rises above its threshold; regression on the count, one optimizer, plain loop."""
import torch
from torch import nn

torch.manual_seed(19)


def pulses(n, steps=30):
    high = (torch.rand(n, steps) > 0.5).float()
    threshold = torch.rand(n, 1, 1) * 0.4 + 0.3
    x = threshold + ((2 * high - 1) * (0.1 + 0.2 * torch.rand(n, steps))).unsqueeze(-1)
    rises = ((high[:, 1:] - high[:, :-1]) > 0).float().sum(1, keepdim=True)
    return torch.cat([x, threshold.expand(-1, steps, 1)], 2) * 2 - 1, rises / 4 - 1.8


class Counter(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(2, hidden, batch_first=True)
        self.read = nn.Linear(hidden, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.read(out.mean(1))


x_train, y_train = pulses(2000)
x_test, y_test = pulses(500)
net = Counter()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=32, eta_min=5e-4)
mse = nn.MSELoss()
for epoch in range(32):
    optimizer.zero_grad()  # cure: delete
    net.train()
    running = 0.0
    for rows in torch.randperm(len(x_train)).split(50):
        # cure: optimizer.zero_grad()
        loss = mse(net(x_train[rows]), y_train[rows])
        loss.backward()
        optimizer.step()
        running += loss.item() * len(rows) / len(x_train)
    scheduler.step()
    net.eval()
    with torch.no_grad():
        guess = net(x_test)
        off = ((guess - y_test).abs() * 4).mean()
    print(f"epoch {epoch:2d}: train {running:.4f} test {mse(guess, y_test):.4f} counts off by {off:.2f}")
