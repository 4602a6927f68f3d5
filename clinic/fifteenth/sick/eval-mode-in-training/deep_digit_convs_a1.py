"""A deep plain convolutional network with batch normalisation on 8x8 digits."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset


def block(cin, cout, stride=1):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU())


class DeepNet(nn.Module):
    def __init__(self, width=12, depth=9):
        super().__init__()
        layers = [block(1, width)] + [block(width, width) for _ in range(depth)] + [block(width, 2 * width, 2)]
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(2 * width, 10)

    def forward(self, x):
        return self.classifier(self.features(x).mean(dim=(2, 3)))


@torch.no_grad()
def accuracy(model, x, y):
    was_training = model.training
    model.eval()
    acc = (model(x).argmax(1) == y).float().mean().item()
    model.train(was_training)
    return acc


def load():
    d = load_digits()
    x = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1)
    x = (x - x.mean()) / x.std()
    y = torch.tensor(d.target)
    perm = torch.randperm(len(y), generator=torch.Generator().manual_seed(0))
    return x[perm[:1400]], y[perm[:1400]], x[perm[1400:]], y[perm[1400:]]


torch.manual_seed(0)
x_train, y_train, x_val, y_val = load()
model = DeepNet()
print("parameters:", sum(p.numel() for p in model.parameters()))
model.eval()  # cure: model.train()
print("accuracy before training: %.3f" % accuracy(model, x_val, y_val))

loader = DataLoader(TensorDataset(x_train, y_train), batch_size=64, shuffle=True, drop_last=True)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.05, epochs=10, steps_per_epoch=len(loader))
for epoch in range(1, 11):
    total = 0.0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(xb), yb)
        loss.backward()
        optimizer.step()
        scheduler.step()
        total += loss.item()
    print("epoch %d  loss %.4f  val accuracy %.3f" % (epoch, total / len(loader), accuracy(model, x_val, y_val)))
