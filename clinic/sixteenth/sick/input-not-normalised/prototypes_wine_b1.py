"""Prototypical network on the wine data: episodes with a support and a query set, squared distances to class means."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler, FunctionTransformer


class Episodes:
    def __init__(self, x, y, shots=5, queries=10):
        self.x, self.shots, self.queries = x, shots, queries
        self.pools = [torch.nonzero(y == c)[:, 0] for c in y.unique()]

    def draw(self):
        support, query, labels = [], [], []
        for c, pool in enumerate(self.pools):
            pick = pool[torch.randperm(len(pool))][: self.shots + self.queries]
            support.append(self.x[pick[: self.shots]])
            query.append(self.x[pick[self.shots:]])
            labels.append(torch.full((len(pick) - self.shots,), c))
        return torch.stack(support), torch.cat(query), torch.cat(labels)


def scores(embed, support, query):
    means = embed(support.flatten(0, 1)).view(*support.shape[:2], -1).mean(1)
    return -torch.cdist(embed(query), means) ** 2 / 8


def main():
    torch.manual_seed(0)
    data, target = load_wine(return_X_y=True)
    xt, xv, yt, yv = train_test_split(data, target, test_size=0.4, random_state=3, stratify=target)
    scaler = FunctionTransformer()  # cure: scaler = StandardScaler()
    xt = torch.tensor(scaler.fit_transform(xt), dtype=torch.float32)
    xv = torch.tensor(scaler.transform(xv), dtype=torch.float32)
    train, valid = Episodes(xt, torch.tensor(yt)), Episodes(xv, torch.tensor(yv))
    embed = nn.Sequential(nn.Linear(13, 32), nn.Tanh(), nn.Linear(32, 8))
    optimizer = torch.optim.Adam(embed.parameters(), lr=1e-3, weight_decay=1e-3)
    for it in range(1, 401):
        support, query, labels = train.draw()
        loss = F.cross_entropy(scores(embed, support, query), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if it % 40 == 0:
            with torch.no_grad():
                hits, val = [], []
                for _ in range(20):
                    support, query, labels = valid.draw()
                    s = scores(embed, support, query)
                    hits.append((s.argmax(1) == labels).float().mean())
                    val.append(F.cross_entropy(s, labels))
            print(f"episode {it:4d}: loss {loss.item():.3f}, new bottles: loss {torch.stack(val).mean():.3f}, "
                  f"accuracy {torch.stack(hits).mean():.3f}")


main()
