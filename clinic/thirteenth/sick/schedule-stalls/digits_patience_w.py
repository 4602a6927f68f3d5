"""Digits MLP whose learning rate is reduced when the validation loss stops improving."""
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn, optim

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X = (X - X.mean(0)) / (X.std(0) + 1.0)
Xt, Xv, yt, yv = (torch.tensor(a) for a in train_test_split(X.astype("float32"), y, test_size=0.25, random_state=0))

net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(net.parameters(), lr=0.01, momentum=0.5)
scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode="max", factor=0.2, patience=1)  # cure: scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode="min", factor=0.2, patience=1)
for epoch in range(40):
    net.train()
    for idx in torch.randperm(len(Xt)).split(32):
        optimizer.zero_grad()
        criterion(net(Xt[idx]), yt[idx]).backward()
        optimizer.step()
    net.eval()
    with torch.no_grad():
        train_loss = criterion(net(Xt), yt).item()
        out = net(Xv)
        val_loss = criterion(out, yv).item()
        acc = (out.argmax(1) == yv).float().mean().item()
    scheduler.step(val_loss)
    if epoch % 3 == 0:
        print(f"epoch {epoch:2d} train {train_loss:.4f} val {val_loss:.4f} acc {acc:.3f}")
