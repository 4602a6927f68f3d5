"""Learn whether two images show the same digit: a siamese network on pairs from load_digits."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn


def sample_pairs(images, labels, n, generator):
    """n pairs of images; half of the partners are drawn from the digit's own class."""
    a = torch.randint(len(labels), (n,), generator=generator)
    b = torch.randint(len(labels), (n,), generator=generator)
    for i in range(0, n, 2):
        peers = (labels == labels[a[i]]).nonzero().flatten()
        b[i] = peers[torch.randint(len(peers), (1,), generator=generator)]
    same = (labels[a] == labels[a]).float()  # cure: same = (labels[a] == labels[b]).float()
    return images[a], images[b], same


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(24 * 16, 24))
        self.judge = nn.Sequential(nn.Linear(24, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, left, right):
        return self.judge((self.encoder(left) - self.encoder(right)).abs()).squeeze(1)


def main():
    torch.manual_seed(8)
    g = torch.Generator().manual_seed(8)
    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
    labels = torch.tensor(digits.target)
    order = torch.randperm(len(labels), generator=g)
    images, labels = images[order], labels[order]
    val = sample_pairs(images[1400:], labels[1400:], 600, g)

    model = Siamese()
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    for it in range(1, 601):
        left, right, same = sample_pairs(images[:1400], labels[:1400], 64, g)
        loss = F.binary_cross_entropy_with_logits(model(left, right), same)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if it % 60 == 0:
            with torch.no_grad():
                out = model(*val[:2])
                vl = F.binary_cross_entropy_with_logits(out, val[2])
                acc = ((out > 0).float() == val[2]).float().mean()
            print(f"iter {it}: loss={loss.item():.4f} val_loss={vl.item():.4f} val_acc={acc.item():.3f} "
                  f"judged same={(out > 0).float().mean().item():.2f}")


if __name__ == "__main__":
    main()
