"""Classify points by the shell of a Gaussian cloud they lie in; a small MLP, the learning rate decays polynomially with the number of steps."""
import torch
from sklearn.datasets import make_gaussian_quantiles
from sklearn.model_selection import train_test_split
from torch import nn
from torch.optim.lr_scheduler import PolynomialLR
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x, y = make_gaussian_quantiles(n_samples=3000, n_features=4, n_classes=4, random_state=0)
x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y)
x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.2, random_state=0)
loader = DataLoader(TensorDataset(x_train, y_train), batch_size=60, shuffle=True)

EPOCHS = 30
model = nn.Sequential(nn.Linear(4, 48), nn.Mish(), nn.Linear(48, 24), nn.Mish(), nn.Linear(24, 4))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
scheduler = PolynomialLR(optimizer, total_iters=len(loader), power=1.0)  # cure: scheduler = PolynomialLR(optimizer, total_iters=EPOCHS * len(loader), power=1.0)
ce = nn.CrossEntropyLoss()

for epoch in range(EPOCHS):
    model.train()
    train_loss = 0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = ce(model(xb), yb)
        loss.backward()
        optimizer.step()
        scheduler.step()
        train_loss += loss.item() / len(loader)
    model.eval()
    with torch.no_grad():
        logits = model(x_val)
        val_loss = ce(logits, y_val).item()
        val_acc = (logits.argmax(1) == y_val).float().mean().item()
    if epoch % 3 == 0 or epoch == EPOCHS - 1:
        print(f"Epoch {epoch + 1}/{EPOCHS} - loss: {train_loss:.4f} - val_loss: {val_loss:.4f} - val_acc: {val_acc:.4f}")
