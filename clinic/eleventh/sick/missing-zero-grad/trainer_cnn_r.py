"""LeNet-like network on the small digits with a Trainer and callbacks for logging."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class SmallLeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3)
        self.fc1 = nn.Linear(144, 48)
        self.fc2 = nn.Linear(48, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class Trainer:
    def __init__(self, model, lr, on_epoch=print):
        self.model, self.on_epoch = model, on_epoch
        self.optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)

    def train_step(self, x, y):
        # cure: self.optimizer.zero_grad()
        loss = F.cross_entropy(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def validate(self, loader):
        hits = total = 0
        for x, y in loader:
            hits += (self.model(x).argmax(1) == y).sum().item()
            total += len(y)
        return hits / total

    def fit(self, train, valid, epochs):
        for e in range(epochs):
            losses = [self.train_step(x, y) for x, y in train]
            self.on_epoch(f"epoch {e:2d}: loss {sum(losses) / len(losses):.4f}, valid acc {self.validate(valid):.3f}")


if __name__ == "__main__":
    torch.manual_seed(4)
    d = load_digits()
    x = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1) / 16 - 0.3
    perm = torch.randperm(len(x))
    ds = TensorDataset(x[perm], torch.tensor(d.target)[perm])
    train = DataLoader(torch.utils.data.Subset(ds, range(1400)), batch_size=32, shuffle=True)
    valid = DataLoader(torch.utils.data.Subset(ds, range(1400, len(ds))), batch_size=200)
    Trainer(SmallLeNet(), lr=0.02).fit(train, valid, epochs=12)
