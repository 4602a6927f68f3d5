"""LeNet-like network on the small digits, reporting class probabilities."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, TensorDataset


class SmallLeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(8, 16, 3), nn.Tanh())
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(64, 40),
            nn.Tanh(),
            nn.Linear(40, 10),
            nn.Softmax(dim=1),  # cure: delete
        )

    def forward(self, x):
        return self.classifier(self.features(x))


def run_epoch(model, loader, loss_fn, opt=None):
    loss_sum = hits = n = 0
    for x, y in loader:
        with torch.set_grad_enabled(opt is not None):
            out = model(x)
            loss = loss_fn(out, y)
        if opt:
            opt.zero_grad()
            loss.backward()
            opt.step()
        loss_sum += loss.item() * len(x)
        hits += (out.argmax(1) == y).sum().item()
        n += len(x)
    return loss_sum / n, hits / n


if __name__ == "__main__":
    torch.manual_seed(0)
    d = load_digits()
    x = torch.tensor(d.images[:, None] / 8.0 - 1, dtype=torch.float32)
    xa, xb, ya, yb = train_test_split(x, torch.tensor(d.target), test_size=0.25, random_state=0)
    train = DataLoader(TensorDataset(xa, ya), batch_size=64, shuffle=True)
    test = DataLoader(TensorDataset(xb, yb), batch_size=450)
    model = SmallLeNet()
    opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for epoch in range(7):
        a = run_epoch(model, train, nn.CrossEntropyLoss(), opt)
        b = run_epoch(model, test, nn.CrossEntropyLoss())
        print(f"epoch {epoch}: train loss {a[0]:.4f} acc {a[1]:.3f} | test loss {b[0]:.4f} acc {b[1]:.3f}")
