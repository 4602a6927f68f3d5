"""Siamese network: do two noisy views come from the same prototype?  Contrastive loss on the distance of embeddings."""
import torch
import torch.nn as nn


def distance(u, v):
    return torch.sqrt(((u - v) ** 2).sum(1))  # cure: return torch.sqrt(((u - v) ** 2).sum(1) + 1e-8)


def contrastive(d, same, margin=2.0):
    return (same * d ** 2 + (1 - same) * torch.relu(margin - d) ** 2).mean()


class Pairs:
    def __init__(self, classes=12, dim=20):
        self.prototypes = torch.randn(classes, dim)

    def items(self, n):
        label = torch.randint(0, len(self.prototypes), (n,))
        return self.prototypes[label] + 0.7 * torch.randn(n, self.prototypes.shape[1]), label

    def pairs(self, pool, labels, n):
        i = torch.randint(0, len(pool), (n,))
        wanted = torch.rand(n) < 0.5
        j = torch.randint(0, len(pool), (n,))
        for k in torch.nonzero(wanted)[:, 0].tolist():
            mates = torch.nonzero(labels == labels[i[k]])[:, 0]
            j[k] = mates[torch.randint(0, len(mates), ())]
        return pool[i], pool[j], (labels[i] == labels[j]).float()


def main():
    torch.manual_seed(21)
    data = Pairs()
    pool, labels = data.items(1500)
    fresh, fresh_labels = data.items(500)
    va, vb, vs = data.pairs(fresh, fresh_labels, 1000)
    encoder = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 16))
    optimizer = torch.optim.Adam(encoder.parameters(), lr=1e-3)
    for epoch in range(15):
        losses = []
        for _ in range(20):
            a, b, same = data.pairs(pool, labels, 64)
            loss = contrastive(distance(encoder(a), encoder(b)), same)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        with torch.no_grad():
            d = distance(encoder(va), encoder(vb))
            hit = ((d < 1.0).float() == vs).float().mean()
            v = contrastive(d, vs)
        print(f"epoch {epoch + 1:2d} loss {sum(losses) / len(losses):.4f} fresh pairs: loss {v:.4f} accuracy {hit:.3f}")


if __name__ == "__main__":
    main()
