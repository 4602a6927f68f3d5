"""Reads handwritten digits with a convolutional network and reports accuracy on held-out pictures."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


class DigitReader(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
        self.out = nn.Linear(96, 1)  # cure: self.out = nn.Linear(96, 10)

    def forward(self, x):
        return self.out(self.conv(x))


def loss_fn(output, label):
    return nn.functional.mse_loss(output.squeeze(1), label.float())  # cure: return nn.functional.cross_entropy(output, label)


def decode(output):
    return output.squeeze(1).round().long()  # cure: return output.argmax(1)


def main():
    torch.manual_seed(16)
    d = load_digits()
    images = torch.tensor(d.images).float().unsqueeze(1) / 16
    images = (images - images.mean()) / images.std()
    labels = torch.tensor(d.target)
    tr, te = train_test_split(torch.arange(len(labels)), test_size=0.25, random_state=16, stratify=d.target)
    model = DigitReader()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(1, 11):
        total = 0.0
        for batch in tr[torch.randperm(len(tr))].split(32):
            optimizer.zero_grad()
            loss = loss_fn(model(images[batch]), labels[batch])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch) / len(tr)
        with torch.no_grad():
            acc = (decode(model(images[te])) == labels[te]).float().mean()
        print(f"epoch {epoch:2d}  train loss {total:.4f}  accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
