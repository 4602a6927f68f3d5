"""Seasonal demand model: an LSTM forecasts tomorrow from the last four weeks; warm-up and cosine decay."""
import math
import torch
from torch import nn

torch.manual_seed(31)
day = torch.arange(1100.0)
weekly = torch.tensor([0.2, 0.1, 0.0, 0.1, 0.6, 1.0, 0.8]).repeat(158)[:1100]
demand = weekly + 0.5 * torch.sin(2 * math.pi * day / 91) + 0.08 * torch.randn(1100)
demand = (demand - demand[:800].mean()) / demand[:800].std()
frames = demand.unfold(0, 29, 1)
past, nxt = frames[:, :28].unsqueeze(-1), frames[:, 28]
n_train = 800


class Demand(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.head(out[:, -1]).squeeze(-1)


def lr_factor(step, warm=20, total=16 * 25):
    if step < warm:
        return (step + 1) / warm
    return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * (step - warm) / (total - warm)))


net = Demand()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lr_factor)
for epoch in range(16):
    total = 0.0
    for idx in torch.randperm(n_train).split(32):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(past[idx]), nxt[idx])
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        # cure: optimizer.step()
        scheduler.step()
        total += loss.item() * len(idx) / n_train
    with torch.no_grad():
        test = nn.functional.mse_loss(net(past[n_train + 28:]), nxt[n_train + 28:]).item()
    print(f"epoch {epoch:2d}  lr {scheduler.get_last_lr()[0]:.5f}  train {total:.4f}  test {test:.4f}")
