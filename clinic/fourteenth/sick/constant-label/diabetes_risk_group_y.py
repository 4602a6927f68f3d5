"""Who belongs to the high-risk half? Diabetes progression turned into two classes, with a small dropout network."""
import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import scale

torch.manual_seed(7)
bunch = load_diabetes()
x = torch.tensor(scale(bunch.data), dtype=torch.float32)
progression = torch.tensor(bunch.target, dtype=torch.float32)
high_risk = (progression > 0.5).float()  # cure: high_risk = (progression > progression.median()).float()
perm = torch.randperm(len(x))
train, test = perm[:330], perm[330:]

model = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 1))
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=5e-3)


def evaluate(rows):
    model.eval()
    with torch.no_grad():
        out = model(x[rows]).squeeze(1)
    return criterion(out, high_risk[rows]).item(), ((out > 0).float() == high_risk[rows]).float().mean().item()


for epoch in range(1, 31):
    model.train()
    for idx in train[torch.randperm(len(train))].split(16):
        optimizer.zero_grad()
        loss = criterion(model(x[idx]).squeeze(1), high_risk[idx])
        loss.backward()
        optimizer.step()
    if epoch % 3 == 0:
        (a, b), (c, d) = evaluate(train), evaluate(test)
        print(f"epoch {epoch}  train loss {a:.4f} acc {b:.3f}  test loss {c:.4f} acc {d:.3f}")

model.eval()
with torch.no_grad():
    risk = torch.sigmoid(model(x[test]).squeeze(1))
print("mean progression of the 30 patients ranked highest / lowest:",
      round(progression[test][risk.topk(30).indices].mean().item()), "/", round(progression[test][(-risk).topk(30).indices].mean().item()))
