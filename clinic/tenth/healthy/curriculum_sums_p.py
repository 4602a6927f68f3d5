"""Add the numbers of a sequence (GRU); the sequences get longer stage by stage, so that the loss rises at each stage."""
import torch
from torch import nn

torch.manual_seed(109)


def make(n, length):
    v = torch.rand(n, length) * 2 - 1
    mark = (torch.rand(n, length) < 0.4).float() * 2 - 1
    return torch.stack([v / 0.577, mark], 2), (v * (mark > 0)).sum(1, keepdim=True)


class Adder(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru, self.out = nn.GRU(2, 32, batch_first=True), nn.Linear(32, 1)

    def forward(self, x):
        return self.out(self.gru(x)[0][:, -1])


net = Adder()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
final = make(1000, 20)
for stage, length in enumerate((3, 6, 10, 15, 20)):
    run = []
    for step in range(110):
        x, y = make(64, length)
        loss = nn.functional.mse_loss(net(x), y)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        run.append(loss.item())
    with torch.no_grad():
        f = nn.functional.mse_loss(net(final[0]), final[1]).item()
    print(f"stage {stage} length {length:2d}: first 10 steps {sum(run[:10]) / 10:.4f} last 10 {sum(run[-10:]) / 10:.4f} | "
          f"length 20: {f:.4f} of variance {final[1].var():.3f}")
