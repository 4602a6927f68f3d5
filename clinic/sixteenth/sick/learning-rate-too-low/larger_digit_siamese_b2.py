"""Which of two handwritten digits is the larger one?  Shared conv tower, one-cycle schedule, SGD."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader, Dataset

torch.manual_seed(30)
digits = load_digits()
images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1)
order = torch.randperm(len(images))
images = (images[order] - 4.9) / 6.0
labels = torch.tensor(digits.target)[order]


class Pairs(Dataset):
    def __init__(self, low, high, count, seed):
        pairs = torch.randint(low, high, (count, 2), generator=torch.Generator().manual_seed(seed))
        self.pairs = pairs[labels[pairs[:, 0]] != labels[pairs[:, 1]]]

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, i):
        a, b = self.pairs[i]
        return images[a], images[b], (labels[a] > labels[b]).long()


class Compare(nn.Module):
    def __init__(self):
        super().__init__()
        self.tower = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                                   nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(24 * 16, 32))
        self.score = nn.Sequential(nn.ReLU(), nn.Linear(32, 1))

    def forward(self, a, b):
        return torch.cat([self.score(self.tower(b)), self.score(self.tower(a))], 1)


train = DataLoader(Pairs(0, 1400, 6000, 1), batch_size=64, shuffle=True)
valid = DataLoader(Pairs(1400, 1797, 800, 2), batch_size=400)
EPOCHS = 8
net = Compare()
optimizer = torch.optim.SGD(net.parameters(), lr=1e-4, momentum=0.9, nesterov=True)
scheduler = OneCycleLR(optimizer, max_lr=4e-4, total_steps=EPOCHS * len(train))  # cure: scheduler = OneCycleLR(optimizer, max_lr=2e-2, total_steps=EPOCHS * len(train))
criterion = nn.CrossEntropyLoss()
for epoch in range(EPOCHS):
    running = 0.0
    for a, b, larger in train:
        loss = criterion(net(a, b), larger)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        running += loss.item() / len(train)
    with torch.no_grad():
        hits = sum((net(a, b).argmax(1) == larger).sum().item() for a, b, larger in valid) / len(valid.dataset)
    print(f"epoch {epoch}: loss {running:.3f}, right {hits:.3f}, lr {scheduler.get_last_lr()[0]:.2e}")
