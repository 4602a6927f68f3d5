"""Curriculum: a GRU adds up numbers; sequences grow longer stage by stage, so that the loss jumps at every new stage."""
import torch
from torch import nn

torch.manual_seed(14)
STAGES = [4, 8, 14, 20]


def batch(n, length):
    x = 2 * torch.rand(n, length) - 1
    use = (torch.rand(n, length) < 0.5).float()
    return torch.stack([x, 2 * use - 1], -1), (x * use).sum(1, keepdim=True)


class Adder(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(2, 32, batch_first=True)
        self.out = nn.Linear(32, 1)

    def forward(self, x):
        return self.out(self.gru(x)[1][-1])


model = Adder()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
x_exam, y_exam = batch(1000, STAGES[-1])
steps = 0
for length in STAGES:
    for part in range(1, 4):
        for group in opt.param_groups:
            group["lr"] = 5e-3 if part < 3 else 1e-3
        total = 0.0
        for _ in range(100):
            x, y = batch(64, length)
            loss = nn.functional.mse_loss(model(x), y)
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            total += loss.item()
            steps += 1
        with torch.no_grad():
            exam = nn.functional.mse_loss(model(x_exam), y_exam).item()
        print(f"step {steps:4d}  length {length:2d}  loss {total / 100:.5f}  at length {STAGES[-1]}: {exam:.5f} "
              f"(variance {y_exam.var().item():.2f})")
