"""Predict the progression of diabetes after a year with a neural network."""
import torch
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from torch import nn

torch.manual_seed(26)
x, y = load_diabetes(return_X_y=True)
xt, xv, yt, yv = train_test_split(x, y, test_size=0.4, random_state=26)
scale_x = (xt.mean(0), xt.std(0))
scale_y = (yt.mean(), yt.std())
f = lambda a: torch.tensor(a, dtype=torch.float32)
xt, xv = [f((a - scale_x[0]) / scale_x[1]) for a in (xt, xv)]
yt, yv = [f((a - scale_y[0]) / scale_y[1]).unsqueeze(1) for a in (yt, yv)]

EPOCHS = 150  # cure: EPOCHS = 7
model = nn.Sequential(
    nn.Linear(10, 128), nn.ReLU(),
    nn.Linear(128, 64), nn.ReLU(),
    nn.Linear(64, 1),
)
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
loss_fn = nn.MSELoss()

for epoch in range(1, EPOCHS + 1):
    model.train()
    train_loss = 0.0
    for idx in torch.randperm(len(xt)).split(20):
        opt.zero_grad()
        loss = loss_fn(model(xt[idx]), yt[idx])
        loss.backward()
        opt.step()
        train_loss += loss.item() * len(idx) / len(xt)
    model.eval()
    with torch.no_grad():
        pred = model(xv)
        val_loss = loss_fn(pred, yv).item()
        mae = (pred - yv).abs().mean().item() * scale_y[1]
    if epoch % max(1, EPOCHS // 10) == 0:
        print(f"epoch {epoch}: train {train_loss:.4f} val {val_loss:.4f} val MAE {mae:.1f}")
