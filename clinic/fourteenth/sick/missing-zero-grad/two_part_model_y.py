"""A convolutional encoder and a classifier head with an optimiser each (different rates)."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(9)
d = load_digits()
images = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1)
images = (images - images.mean()) / images.std()
dataset = TensorDataset(images, torch.tensor(d.target))
train_set, valid_set = random_split(dataset, [1400, len(dataset) - 1400])
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
valid_loader = DataLoader(valid_set, batch_size=256)

encoder = nn.Sequential(
    nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
head = nn.Sequential(nn.Linear(96, 32), nn.ReLU(), nn.Linear(32, 10))
opt_encoder = torch.optim.SGD(encoder.parameters(), lr=0.02, momentum=0.9)
opt_head = torch.optim.SGD(head.parameters(), lr=0.01, momentum=0.9)
criterion = nn.CrossEntropyLoss()


def train_epoch():
    encoder.train(), head.train()
    total = 0.0
    for x, y in train_loader:
        opt_head.zero_grad()
        opt_head.zero_grad()  # cure: opt_encoder.zero_grad()
        loss = criterion(head(encoder(x)), y)
        loss.backward()
        opt_encoder.step()
        opt_head.step()
        total += loss.item()
    return total / len(train_loader)


@torch.no_grad()
def valid_epoch():
    encoder.eval(), head.eval()
    hits = sum((head(encoder(x)).argmax(1) == y).sum().item() for x, y in valid_loader)
    return hits / len(valid_set)


for epoch in range(10):
    print(f"epoch {epoch + 1:2d}/10  loss {train_epoch():.4f}  valid acc {valid_epoch():.4f}")
