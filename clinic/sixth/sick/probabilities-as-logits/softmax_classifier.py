"""Digits classifier, plain SGD; the model reports class probabilities."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(5)


class DigitNet(nn.Module):
    """Returns the probability of each of the ten digits."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(64, 96), nn.ReLU(), nn.Dropout(0.1),
            nn.Linear(96, 48), nn.ReLU(),
            nn.Linear(48, 10),
        )

    def forward(self, x):
        return self.body(x).softmax(dim=-1)  # cure: return self.body(x)


def evaluate(model, loader, criterion):
    model.eval()
    loss = hits = count = 0
    with torch.no_grad():
        for x, y in loader:
            out = model(x)
            loss += criterion(out, y).item() * len(y)
            hits += (out.argmax(1) == y).sum().item()
            count += len(y)
    return loss / count, hits / count


X, y = load_digits(return_X_y=True)
X = ((X - X.mean()) / X.std()).astype("float32")
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.25, random_state=9, stratify=y)
train = DataLoader(TensorDataset(torch.from_numpy(Xa), torch.from_numpy(ya)), batch_size=64, shuffle=True)
test = DataLoader(TensorDataset(torch.from_numpy(Xb), torch.from_numpy(yb)), batch_size=450)
model = DigitNet()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
for epoch in range(1, 16):
    model.train()
    for xb, yb_ in train:
        optimizer.zero_grad()
        criterion(model(xb), yb_).backward()
        optimizer.step()
    a, b = evaluate(model, train, criterion), evaluate(model, test, criterion)
    print(f"epoch {epoch:2d}: train {a[0]:.4f}/{a[1]:.3f} test {b[0]:.4f}/{b[1]:.3f}")
