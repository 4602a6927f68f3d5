"""CNN on the digits with exponential decay of the learning rate."""
import torch
import torch.nn as nn
import torch.optim as optim
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset


def loaders():
    d = load_digits()
    images = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1)
    images = (images - images.mean()) / images.std()
    target = torch.tensor(d.target)
    order = torch.randperm(len(target))
    tr, va = order[:1400], order[1400:]
    return (DataLoader(TensorDataset(images[tr], target[tr]), 32, shuffle=True),
            DataLoader(TensorDataset(images[va], target[va]), 200))


class Conv(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                                      nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        return self.fc(self.drop(self.features(x).flatten(1)))


def evaluate(model, loader, loss_fn):
    model.eval()
    loss = right = n = 0
    with torch.no_grad():
        for x, y in loader:
            out = model(x)
            loss += loss_fn(out, y).item() * len(y)
            right += (out.argmax(1) == y).sum().item()
            n += len(y)
    return loss / n, right / n


def train():
    torch.manual_seed(26)
    train_loader, val_loader = loaders()
    model = Conv()
    loss_fn = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    scheduler = optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)
    for epoch in range(1, 16):
        model.train()
        running = 0.0
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            optimizer.step()
            scheduler.step()  # cure: delete
            running += loss.item()
        # cure: scheduler.step()
        val_loss, val_acc = evaluate(model, val_loader, loss_fn)
        print(f"{epoch:2d}  train {running / len(train_loader):.4f}  val {val_loss:.4f}  acc {val_acc:.3f}")


train()
