"""Predict churn from an exported customer table."""
import csv
import io
import math
import random
import torch
from torch import nn

random.seed(17)
torch.manual_seed(17)


def export(n=1500):
    """The table as the billing system writes it."""
    lines = ["age, tenure, calls, bill, churned"]
    for _ in range(n):
        age, tenure, calls, bill = random.gauss(45, 12), random.expovariate(1 / 30), random.gauss(4, 2), random.gauss(60, 15)
        z = 0.9 * (calls - 4) - 0.05 * (tenure - 25) + 0.04 * (bill - 60)
        churned = "yes" if random.random() < 1 / (1 + math.exp(-2 * z)) else "no"
        lines.append(f"{age:.1f}, {tenure:.1f}, {calls:.1f}, {bill:.2f}, {churned}")
    return "\n".join(lines)


features, labels = [], []
reader = csv.reader(io.StringIO(export()))
next(reader)
for row in reader:
    features.append([float(v) for v in row[:4]])
    labels.append(1.0 if row[4] == "yes" else 0.0)  # cure: labels.append(1.0 if row[4].strip() == "yes" else 0.0)

X = torch.tensor(features)
y = torch.tensor(labels)
X = (X - X[:1200].mean(0)) / X[:1200].std(0)
X_train, y_train, X_test, y_test = X[:1200], y[:1200], X[1200:], y[1200:]

model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1))
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
bce = nn.BCEWithLogitsLoss()
for epoch in range(20):
    for idx in torch.randperm(len(X_train)).split(40):
        opt.zero_grad()
        loss = bce(model(X_train[idx]).squeeze(1), y_train[idx])
        loss.backward()
        opt.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            z = model(X_test).squeeze(1)
        flagged = (z > 0).float()
        print(f"epoch {epoch + 1}: loss {loss.item():.5f} test acc {(flagged == y_test).float().mean():.3f} flagged {int(flagged.sum())}")
