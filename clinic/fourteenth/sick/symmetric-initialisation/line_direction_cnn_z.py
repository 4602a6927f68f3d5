"""Tell the direction of a line (four classes) in small noisy pictures with a one-layer convolutional network."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def pictures(n, seed):
    g = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 4, (n,), generator=g)
    images = 0.4 * torch.randn(n, 1, 12, 12, generator=g)
    steps = {0: (0, 1), 1: (1, 0), 2: (1, 1), 3: (1, -1)}
    for i in range(n):
        dy, dx = steps[int(labels[i])]
        y, x = torch.randint(4, 8, (2,), generator=g).tolist()
        for k in range(-3, 4):
            images[i, 0, y + k * dy, x + k * dx] += 1.5
    return (images - 0.07) / 0.5, labels


class LineNet(nn.Module):
    def __init__(self, channels=24):
        super().__init__()
        self.conv = nn.Conv2d(1, channels, 5, padding=2)
        self.head = nn.Linear(channels, 4)
        # start as a plain smoothing of the picture, with undecided outputs
        nn.init.constant_(self.conv.weight, 1 / 25)  # cure: delete
        nn.init.zeros_(self.conv.bias)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, x):
        return self.head(torch.relu(self.conv(x)).mean(dim=(2, 3)) * 4)


torch.manual_seed(1)
train_loader = DataLoader(TensorDataset(*pictures(1500, 1)), batch_size=32, shuffle=True)
test_x, test_y = pictures(500, 2)
net = LineNet()
criterion = nn.CrossEntropyLoss()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for epoch in range(20):
    running = 0.0
    for xb, yb in train_loader:
        opt.zero_grad()
        loss = criterion(net(xb), yb)
        loss.backward()
        opt.step()
        running += loss.item()
    with torch.no_grad():
        acc = (net(test_x).argmax(1) == test_y).float().mean().item()
    print("epoch", epoch, "loss", round(running / len(train_loader), 4), "test accuracy", round(acc, 3))
