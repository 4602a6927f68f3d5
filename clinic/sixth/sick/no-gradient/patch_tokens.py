"""Digits as bags of sixteen 2x2 patches: a patch encoder, then a position-aware classifier on its codes."""
import numpy as np
import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


def patches(images):
    return images.reshape(-1, 4, 2, 4, 2).transpose(0, 1, 3, 2, 4).reshape(-1, 16, 4)


class PatchNet(nn.Module):
    def __init__(self, code=2):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, code), nn.Tanh())
        self.position = nn.Parameter(0.1 * torch.randn(16, code))
        self.classifier = nn.Sequential(nn.Linear(16 * code, 64), nn.ReLU(), nn.Linear(64, 10))

    def encode(self, p):
        codes = [self.encoder(p[:, k]).tolist() for k in range(p.shape[1])]  # cure: codes = [self.encoder(p[:, k]) for k in range(p.shape[1])]
        return torch.tensor(codes).transpose(0, 1)  # cure: return torch.stack(codes, dim=1)

    def forward(self, p):
        return self.classifier((self.encode(p) + self.position).flatten(1))


def accuracy(net, p, y):
    net.eval()
    with torch.no_grad():
        return (net(p).argmax(1) == y).float().mean().item()


def main():
    torch.manual_seed(12)
    d = load_digits()
    p = patches(d.images.astype(np.float32) / 8 - 1)
    ptr, pte, ytr, yte = map(torch.tensor, train_test_split(p, d.target, test_size=0.25, random_state=1))
    net = PatchNet()
    opt = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-3)
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(20):
        net.train()
        losses = []
        for idx in torch.randperm(len(ptr)).split(64):
            loss = loss_fn(net(ptr[idx]), ytr[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        print(f"epoch {epoch:2d} loss {np.mean(losses):.3f} test accuracy {accuracy(net, pte, yte):.3f}")


if __name__ == "__main__":
    main()
