"""Pre-train on digits 0-6, then freeze everything (batch norm in evaluation mode) and learn a new head for 7, 8 and 9."""
import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(0)
x, y = load_digits(return_X_y=True)
x = torch.tensor((x - x.mean()) / x.std(), dtype=torch.float32).view(-1, 1, 8, 8)
y = torch.tensor(y)
order = torch.randperm(len(x))
x, y = x[order], y[order]
cut = 1300
backbone = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.Flatten())


def select(low, high):
    keep_t = (y[:cut] >= low) & (y[:cut] <= high)
    keep_v = (y[cut:] >= low) & (y[cut:] <= high)
    return x[:cut][keep_t], y[:cut][keep_t] - low, x[cut:][keep_v], y[cut:][keep_v] - low


def fit(name, head, data, epochs, lr, frozen):
    xt, yt, xv, yv = data
    params = list(head.parameters()) + ([] if frozen else list(backbone.parameters()))
    opt = torch.optim.AdamW(params, lr=lr, weight_decay=0.01)
    for epoch in range(epochs):
        backbone.train(not frozen)
        total = 0.0
        for idx in torch.randperm(len(xt)).split(40):
            loss = F.cross_entropy(head(backbone(xt[idx])), yt[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx) / len(xt)
        backbone.eval()
        with torch.no_grad():
            out = head(backbone(xv))
        print(f"{name} epoch {epoch + 1:2d} loss {total:.4f} valid loss {F.cross_entropy(out, yv).item():.4f} "
              f"accuracy {(out.argmax(1) == yv).float().mean():.3f}")


fit("old digits", nn.Linear(512, 7), select(0, 6), 5, 2e-3, frozen=False)
for p in backbone.parameters():
    p.requires_grad_(False)
fit("new digits", nn.Linear(512, 3), select(7, 9), 12, 2e-3, frozen=True)
