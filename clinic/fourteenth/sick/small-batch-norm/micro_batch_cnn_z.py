"""Digits with a convolutional net; to save memory each picture goes through alone and 32 gradients make one step."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(3)
MICRO, PER_STEP = 1, 32
data = load_digits()
perm = torch.randperm(len(data.target))
x = (torch.tensor(data.images, dtype=torch.float32)[:, None] / 16 - 0.3)[perm]
y = torch.tensor(data.target)[perm]
x_train, y_train, x_test, y_test = x[:900], y[:900], x[900:1300], y[900:1300]


def norm(channels):
    return nn.BatchNorm2d(channels)  # cure: return nn.GroupNorm(4, channels)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.n1 = nn.Conv2d(1, 16, 3, padding=1), norm(16)
        self.c2, self.n2 = nn.Conv2d(16, 32, 3, padding=1), norm(32)
        self.c3, self.n3 = nn.Conv2d(32, 32, 2), norm(32)
        self.fc = nn.Linear(32, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.n1(self.c1(x))), 2)
        x = F.max_pool2d(torch.relu(self.n2(self.c2(x))), 2)
        x = F.pad(x, (0, 1, 0, 1))
        return self.fc(torch.relu(self.n3(self.c3(x))).mean((2, 3)))


net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=4e-3)
for epoch in range(8):
    net.train()
    total = 0.0
    for group in torch.randperm(len(x_train)).split(PER_STEP):
        optimizer.zero_grad()
        for i in group.split(MICRO):
            loss = F.cross_entropy(net(x_train[i]), y_train[i]) * len(i) / len(group)
            loss.backward()
            total += loss.item() * len(group)
        optimizer.step()
    net.eval()
    with torch.no_grad():
        out = net(x_test)
    print(f"epoch {epoch + 1}: train loss {total / len(x_train):.3f}, test loss {F.cross_entropy(out, y_test):.3f}, "
          f"test accuracy {(out.argmax(1) == y_test).float().mean():.3f}")
