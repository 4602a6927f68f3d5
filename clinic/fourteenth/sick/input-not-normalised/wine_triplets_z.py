"""Embed the wines in a plane with a triplet loss, and classify a wine by its nearest neighbours there."""
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from torch import nn

torch.manual_seed(2)
X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.4, stratify=y, random_state=2)
X_train = torch.tensor(X_train, dtype=torch.float32)
X_test = torch.tensor(X_test, dtype=torch.float32)
# cure: mu, sd = X_train.mean(0), X_train.std(0)
# cure: X_train, X_test = (X_train - mu) / sd, (X_test - mu) / sd
members = [torch.tensor((y_train == c).nonzero()[0]) for c in range(3)]

embed = nn.Sequential(nn.Linear(13, 16), nn.Tanh(), nn.Linear(16, 2))
triplet = nn.TripletMarginLoss(margin=0.5)
optimizer = torch.optim.Adam(embed.parameters(), lr=2e-3, weight_decay=1e-3)


def draw(n):
    a, p, q = [], [], []
    for _ in range(n):
        c, other = torch.randperm(3)[:2].tolist()
        i = torch.randint(len(members[c]), (2,))
        a.append(members[c][i[0]])
        p.append(members[c][i[1]])
        q.append(members[other][torch.randint(len(members[other]), (1,))].squeeze())
    return torch.stack(a), torch.stack(p), torch.stack(q)


mean = 0.0
for step in range(1, 601):
    a, p, q = draw(32)
    loss = triplet(embed(X_train[a]), embed(X_train[p]), embed(X_train[q]))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    mean += loss.item() / 60
    if step % 60 == 0:
        with torch.no_grad():
            knn = KNeighborsClassifier(5).fit(embed(X_train).numpy(), y_train)
            score = knn.score(embed(X_test).numpy(), y_test)
        print(f"step {step}: triplet loss {mean:.4f}, nearest-neighbour accuracy {score:.3f}")
        mean = 0.0
