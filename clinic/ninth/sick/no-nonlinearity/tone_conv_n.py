"""Which of five tones is in a noisy recording? A strided 1-d convolutional network answers."""
import argparse
import math
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

TONES = [3.0, 5.0, 8.0, 12.0, 17.0]


def recordings(n, gen, length=96):
    t = torch.arange(length) / length
    y = torch.randint(len(TONES), (n,), generator=gen)
    f = torch.tensor(TONES)[y].unsqueeze(1)
    phase = 2 * math.pi * torch.rand(n, 1, generator=gen)
    x = math.sqrt(2) * torch.sin(2 * math.pi * f * t + phase)
    x = x + 0.5 * torch.randn(n, length, generator=gen)
    return TensorDataset((x / x.std()).unsqueeze(1), y)


class ToneNet(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c1 = nn.Conv1d(1, width, 9, stride=2, padding=4)
        self.c2 = nn.Conv1d(width, width, 7, stride=2, padding=3)
        self.c3 = nn.Conv1d(width, 2 * width, 5, stride=2, padding=2)
        self.head = nn.Linear(2 * width, len(TONES))

    def forward(self, x):
        for conv in (self.c1, self.c2, self.c3):
            x = conv(x)
            F.relu(x)  # cure: x = F.relu(x)
        return self.head(x.mean(-1))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=10)
    ap.add_argument("--width", type=int, default=16)
    ap.add_argument("--lr", type=float, default=3e-3)
    args = ap.parse_args()
    torch.manual_seed(11)
    gen = torch.Generator().manual_seed(12)
    train = DataLoader(recordings(2000, gen), batch_size=50, shuffle=True)
    valid = DataLoader(recordings(500, gen), batch_size=250)
    model = ToneNet(args.width)
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=1e-3)
    for ep in range(1, args.epochs + 1):
        model.train()
        running = 0.0
        for x, y in train:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            running += loss.item()
        model.eval()
        with torch.no_grad():
            hits = sum((model(x).argmax(1) == y).sum().item() for x, y in valid)
        print(f"[{ep}/{args.epochs}] loss={running / len(train):.3f} valid_acc={hits / 500:.3f}")


if __name__ == "__main__":
    main()
