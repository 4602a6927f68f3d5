"""Twelve residual blocks whose last layers start at exactly zero (the net begins as a linear map): digits."""
import torch
from torch import nn
from sklearn.datasets import load_digits


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, width)
        self.down = nn.Linear(width, width)
        nn.init.zeros_(self.down.weight)
        nn.init.zeros_(self.down.bias)

    def forward(self, x):
        return x + self.down(torch.relu(self.up(self.norm(x))))


torch.manual_seed(0)
data = load_digits()
x = torch.tensor(data.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(data.target)
perm = torch.randperm(len(x))
train, test = perm[:1400], perm[1400:]
model = nn.Sequential(nn.Linear(64, 48), *[Block(48) for _ in range(12)], nn.LayerNorm(48), nn.Linear(48, 10))
epochs = 8
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 2e-3, epochs=epochs, steps_per_epoch=28)
loss_fn = nn.CrossEntropyLoss(label_smoothing=0.05)
for epoch in range(epochs):
    total = 0.0
    for idx in train[torch.randperm(1400)].split(50):
        loss = loss_fn(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        total += loss.item() / 28
    with torch.no_grad():
        acc = (model(x[test]).argmax(1) == y[test]).float().mean().item()
    print(f"epoch {epoch}: loss {total:.4f} test accuracy {acc:.3f}")
