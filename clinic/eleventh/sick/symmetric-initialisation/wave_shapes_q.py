"""Tells four waveforms apart (sine, square, saw, triangle) with an MLP on the samples of one noisy period."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(6)
LEN = 40


def waveforms(n):
    kind = torch.randint(4, (n,))
    t = torch.linspace(0, 1, LEN).expand(n, LEN) + torch.rand(n, 1)
    frac = t % 1
    bank = torch.stack([torch.sin(2 * torch.pi * frac), torch.sign(0.5 - frac),
                        2 * frac - 1, 4 * (frac - 0.5).abs() - 1], 1)
    wave = bank[torch.arange(n), kind]
    return wave / wave.std(1, keepdim=True) + 0.2 * torch.randn(n, LEN), kind


def reset_parameters(module):
    if isinstance(module, nn.Linear):
        nn.init.constant_(module.weight, 1.0 / module.in_features)  # cure: nn.init.kaiming_normal_(module.weight)
        nn.init.zeros_(module.bias)


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(LEN, 96)
        self.l2 = nn.Linear(96, 48)
        self.l3 = nn.Linear(48, 4)
        self.apply(reset_parameters)

    def forward(self, x):
        return self.l3(F.relu(self.l2(F.relu(self.l1(x)))))


train_x, train_y = waveforms(4000)
test_x, test_y = waveforms(1000)
model = MLP()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
for epoch in range(1, 21):
    loss_sum = 0
    for idx in torch.randperm(4000).split(64):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(train_x[idx]), train_y[idx])
        loss.backward()
        optimizer.step()
        loss_sum += loss.item() * len(idx)
    with torch.no_grad():
        accuracy = (model(test_x).argmax(1) == test_y).float().mean()
    if epoch % 4 == 0:
        print(f"{epoch:3d}: loss={loss_sum / 4000:.4f} acc={accuracy:.3f}")
