"""Convolution over token embeddings: which of four templates made the sentence? The test set is read class by class."""
import torch
import torch.nn as nn
import torch.nn.functional as F

VOCAB, LEN = 40, 12


def sentences(k, n, gen):
    """Template k puts a token of group A before (or after) one of group B, at one of two distances."""
    x = torch.randint(12, VOCAB, (n, LEN), generator=gen)
    pos = torch.randint(0, LEN - 4, (n,), generator=gen)
    a, b = (torch.randint(lo, lo + 6, (n,), generator=gen) for lo in (0, 6))
    first, second = (a, b) if k % 2 == 0 else (b, a)
    rows = torch.arange(n)
    x[rows, pos] = first
    x[rows, pos + (1 if k < 2 else 3)] = second
    return x, torch.full((n,), k)


class TextCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, 16)
        self.conv1, self.bn1 = nn.Conv1d(16, 48, 4), nn.BatchNorm1d(48)
        self.fc1, self.bn2 = nn.Linear(48, 48), nn.BatchNorm1d(48)
        self.fc2 = nn.Linear(48, 4)

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(self.emb(x).transpose(1, 2)))).amax(2)
        return self.fc2(F.relu(self.bn2(self.fc1(h))))


def main():
    torch.manual_seed(18)
    gen = torch.Generator().manual_seed(18)
    parts = [sentences(k, 900, gen) for k in range(4)]
    x, y = torch.cat([p[0] for p in parts]), torch.cat([p[1] for p in parts])
    test = [sentences(k, 200, gen) for k in range(4)]
    net = TextCNN()
    opt = torch.optim.Adam(net.parameters(), lr=4e-3, weight_decay=1e-4)
    for epoch in range(1, 13):
        net.train()
        total = 0.0
        for b in torch.randperm(len(x)).split(60):
            loss = F.cross_entropy(net(x[b]), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(b)
        # cure: net.eval()
        hits, loss_sum = 0, 0.0
        with torch.no_grad():
            for xt, yt in test:
                z = net(xt)
                hits += (z.argmax(1) == yt).sum().item()
                loss_sum += F.cross_entropy(z, yt, reduction="sum").item()
        print(f"epoch {epoch:2d} train loss {total / len(x):.4f} test loss {loss_sum / 800:.4f} test acc {hits / 800:.3f}")


main()
