"""Transfer: a convolutional trunk learns the digits 0-4, is frozen, and a new head learns 5-9 from few pictures."""
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(2)
d = load_digits()
x = torch.tensor((d.images - 4.88) / 6.02, dtype=torch.float32).unsqueeze(1)
y = torch.tensor(d.target)
mix = torch.randperm(len(y))
x, y = x[mix], y[mix]
trunk = nn.Sequential(nn.Conv2d(1, 24, 3, padding=1), nn.BatchNorm2d(24), nn.ReLU(), nn.MaxPool2d(2),
                      nn.Conv2d(24, 48, 3, padding=1), nn.BatchNorm2d(48), nn.ReLU(), nn.Flatten())


def fit(head, opt, x, y, xv, yv, epochs, modules):
    for epoch in range(1, epochs + 1):
        modules.train()
        total = 0.0
        for i in torch.randperm(len(x)).split(32):
            loss = nn.functional.cross_entropy(head(trunk(x[i])), y[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(i) / len(x)
        modules.eval()
        with torch.no_grad():
            out = head(trunk(xv))
        print(f"  epoch {epoch}: loss {total:.4f} valid loss {nn.functional.cross_entropy(out, yv).item():.4f} "
              f"accuracy {(out.argmax(1) == yv).float().mean().item():.3f}")


low, high = y < 5, y >= 5
print("source digits")
head = nn.Linear(48 * 16, 5)
both = nn.ModuleList([trunk, head])
fit(head, torch.optim.Adam(both.parameters(), lr=1e-3), x[low][:700], y[low][:700], x[low][700:], y[low][700:], 5, both)

print("target digits, trunk frozen (its batch norm keeps the source statistics)")
trunk.requires_grad_(False)
trunk.eval()
head = nn.Sequential(nn.Dropout(0.3), nn.Linear(48 * 16, 5))
opt = torch.optim.AdamW(head.parameters(), lr=1e-3, weight_decay=0.05)
fit(head, opt, x[high][:300], y[high][:300] - 5, x[high][300:], y[high][300:] - 5, 14, head)
