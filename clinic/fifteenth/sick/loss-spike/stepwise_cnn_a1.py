"""CNN on load_digits; SGD with momentum, the rate changes at a milestone."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(17)
BASE_LR, MILESTONES, FACTOR, EPOCHS = 0.02, (9,), 10, 16


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 12, 3, padding=1)
        self.conv2 = nn.Conv2d(12, 16, 3, padding=1)
        self.fc1 = nn.Linear(16 * 4, 32)
        self.fc2 = nn.Linear(32, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


def adjust_learning_rate(optimizer, epoch):
    if epoch in MILESTONES:
        for group in optimizer.param_groups:
            group["lr"] *= FACTOR  # cure: group["lr"] /= FACTOR


digits = load_digits()
x = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1)
x = (x - x.mean()) / x.std()
train_set, val_set = random_split(TensorDataset(x, torch.tensor(digits.target)), [1437, 360])
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
val_loader = DataLoader(val_set, batch_size=360)

model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=BASE_LR, momentum=0.9, weight_decay=1e-3)
for epoch in range(1, EPOCHS + 1):
    adjust_learning_rate(optimizer, epoch)
    total = 0.0
    for images, target in train_loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), target)
        loss.backward()
        optimizer.step()
        total += loss.item()
    with torch.no_grad():
        images, target = next(iter(val_loader))
        out = model(images)
        print(f"Epoch {epoch:2d}  train {total / len(train_loader):.4f}  val {F.cross_entropy(out, target):.4f}  "
              f"acc {(out.argmax(1) == target).float().mean():.3f}")
