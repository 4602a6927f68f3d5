"""Digits read one class folder after the other, trained with momentum SGD through a DataLoader."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import ConcatDataset, DataLoader, TensorDataset


def class_set(images, labels, k):
    keep = labels == k
    return TensorDataset(images[keep], labels[keep])


def loaders(batch=32):
    d = load_digits()
    img = torch.tensor(d.data, dtype=torch.float32) / 8 - 1
    lab = torch.tensor(d.target)
    test = torch.rand(len(lab)) < 0.2
    train_set = ConcatDataset([class_set(img[~test], lab[~test], k) for k in range(10)])
    test_set = ConcatDataset([class_set(img[test], lab[test], k) for k in range(10)])
    train_loader = DataLoader(train_set, batch_size=batch)  # cure: train_loader = DataLoader(train_set, batch_size=batch, shuffle=True)
    return train_loader, DataLoader(test_set, batch_size=256)


def accuracy(net, loader):
    net.eval()
    with torch.no_grad():
        hits = sum((net(x).argmax(1) == y).sum().item() for x, y in loader)
    return hits / len(loader.dataset)


def main():
    torch.manual_seed(8)
    train_loader, test_loader = loaders()
    net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(1, 16):
        net.train()
        total = 0.0
        for x, y in train_loader:
            opt.zero_grad()
            loss = loss_fn(net(x), y)
            loss.backward()
            opt.step()
            total += loss.item()
        print(f"epoch {epoch:2d} mean batch loss {total / len(train_loader):.4f} test accuracy {accuracy(net, test_loader):.3f}")


main()
