"""1-D convolutional classifier of synthetic heartbeats (normal, early, wide, inverted), with batch normalisation."""
import torch
from torch import nn

torch.manual_seed(0)


def beats(n, length=64):
    kind = torch.randint(4, (n,))
    t = torch.linspace(0, 1, length)
    centre = 0.5 + 0.04 * torch.randn(n, 1) - 0.15 * (kind == 1).float()[:, None]
    width = torch.where(kind == 2, 0.07, 0.04)[:, None] * (1 + 0.15 * torch.randn(n, 1))
    sign = torch.where(kind == 3, -1.0, 1.0)[:, None]
    wave = sign * torch.exp(-((t - centre) / width) ** 2) + 0.3 * torch.exp(-((t - centre - 0.25) / 0.08) ** 2)
    return ((wave + 0.25 * torch.randn(n, length) - 0.1) / 0.4)[:, None], kind


def block(c_in, c_out):
    return [nn.Conv1d(c_in, c_out, 5, stride=2, padding=2, bias=False),
            nn.BatchNorm1d(c_out, momentum=1e-4),  # cure: nn.BatchNorm1d(c_out, momentum=0.1),
            nn.ReLU()]


model = nn.Sequential(*block(1, 16), *block(16, 32), *block(32, 32), nn.AdaptiveAvgPool1d(2), nn.Flatten(),
                      nn.Linear(64, 4))
x, y = beats(2400)
x_val, y_val = beats(800)
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(8):
    model.train()
    running, right = 0.0, 0
    for idx in torch.randperm(len(x)).split(64):
        out = model(x[idx])
        loss = criterion(out, y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() * len(idx)
        right += (out.argmax(1) == y[idx]).sum().item()
    model.eval()
    with torch.no_grad():
        out = model(x_val)
        val = criterion(out, y_val).item()
    print(f"epoch {epoch}: train loss {running / 2400:.3f} acc {right / 2400:.3f} | "
          f"validation loss {val:.3f} acc {(out.argmax(1) == y_val).float().mean().item():.3f}")
