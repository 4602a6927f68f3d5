"""Transfer: a network trained on the digits 0-4 is reused for 5-9, first with a frozen body, then finely tuned."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(4)
d = load_digits()
x = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1)
x = (x - x.mean()) / x.std()
y = torch.tensor(d.target)
perm = torch.randperm(len(y))
x, y = x[perm], y[perm]
old, new = y < 5, y >= 5
x_old, y_old, x_new, y_new = x[old], y[old], x[new], y[new] - 5
x_train, y_train, x_val, y_val = x_new[:450], y_new[:450], x_new[450:], y_new[450:]

body = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                     nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())


def fit(head, groups, x, y, epochs, note):
    opt = torch.optim.Adam(groups)
    for epoch in range(1, epochs + 1):
        total = 0.0
        for idx in torch.randperm(len(x)).split(32):
            loss = F.cross_entropy(head(body(x[idx])), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        with torch.no_grad():
            out = head(body(x_val))
            val = F.cross_entropy(out, y_val).item() if note != "old digits" else 0.0
            acc = (out.argmax(1) == y_val).float().mean().item()
        tail = "" if note == "old digits" else f"  val {val:.4f}  acc {acc:.3f}"
        print(f"{note}, epoch {epoch}: train {total / len(x):.4f}{tail}")


fit(h := nn.Linear(96, 5), [{"params": [*body.parameters(), *h.parameters()], "lr": 1e-3}], x_old, y_old, 8, "old digits")
head = nn.Linear(96, 5)
body.requires_grad_(False)
fit(head, [{"params": head.parameters(), "lr": 1e-2}], x_train, y_train, 12, "frozen body")
body.requires_grad_(True)
fit(head, [{"params": body.parameters(), "lr": 1e-4}, {"params": head.parameters(), "lr": 5e-4}], x_train, y_train, 8,
    "fine tuning")
