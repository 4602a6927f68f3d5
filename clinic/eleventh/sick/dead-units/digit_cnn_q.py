"""Small convolutional classifier for the 8x8 digits with an initial bias that keeps early feature maps sparse."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(12)
raw = load_digits()
images = torch.tensor(raw.images, dtype=torch.float32).unsqueeze(1)
images = (images - images.mean()) / images.std()
full = TensorDataset(images, torch.tensor(raw.target))
train_set, val_set = random_split(full, [1400, len(full) - 1400])

SPARSE_BIAS = -6.0  # cure: SPARSE_BIAS = 0.0


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 12, 3, padding=1)
        self.conv2 = nn.Conv2d(12, 24, 3, padding=1)
        self.fc = nn.Linear(24 * 4, 10)
        for conv in (self.conv1, self.conv2):
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
            nn.init.constant_(conv.bias, SPARSE_BIAS)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(x.flatten(1))


def evaluate(model):
    model.eval()
    hits = 0
    with torch.no_grad():
        for xb, yb in DataLoader(val_set, batch_size=200):
            hits += (model(xb).argmax(1) == yb).sum().item()
    return hits / len(val_set)


model = ConvNet()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(10):
    model.train()
    losses = []
    for xb, yb in DataLoader(train_set, batch_size=32, shuffle=True):
        loss = F.cross_entropy(model(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print("epoch %d  loss %.3f  val acc %.3f" % (epoch + 1, sum(losses) / len(losses), evaluate(model)))
