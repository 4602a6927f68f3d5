"""A plain convolutional network for 8x8 digits."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(17)


def init_weights(m):
    if isinstance(m, (nn.Conv2d, nn.Linear)):
        nn.init.normal_(m.weight, 0.0, 0.01)  # cure: nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
        nn.init.zeros_(m.bias)


def conv(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.ReLU(inplace=True))


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(conv(1, 16), conv(16, 16), nn.MaxPool2d(2), conv(16, 24), conv(24, 24), nn.MaxPool2d(2))
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(96, 48), nn.ReLU(), nn.Linear(48, 10))
        self.apply(init_weights)

    def forward(self, x):
        return self.classifier(self.features(x))


X, y = load_digits(return_X_y=True)
X = torch.tensor(X, dtype=torch.float32).view(-1, 1, 8, 8)
X = (X - X.mean()) / X.std()
y = torch.tensor(y)
i_train, i_val = train_test_split(range(len(X)), test_size=0.25, random_state=1, stratify=y)
loader = DataLoader(TensorDataset(X[i_train], y[i_train]), batch_size=32, shuffle=True)

model = ConvNet()
optimizer = torch.optim.SGD(model.parameters(), lr=0.008, momentum=0.9, weight_decay=1e-3)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(1, 9):
    model.train()
    train_loss = 0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        optimizer.step()
        train_loss += loss.item()
    model.eval()
    with torch.no_grad():
        out = model(X[i_val])
        print(f"Epoch {epoch}/8 - loss: {train_loss / len(loader):.4f} - val_loss: {loss_fn(out, y[i_val]):.4f}"
              f" - val_acc: {(out.argmax(1) == y[i_val]).float().mean():.4f}")
