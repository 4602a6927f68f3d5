"""Tanh network that names the operating mode of a machine from 100 standardised measurements."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


class ModeNet(nn.Module):
    def __init__(self, n_in, n_out, width=100):
        super().__init__()
        self.l1 = nn.Linear(n_in, width)
        self.l2 = nn.Linear(width, width)
        self.l3 = nn.Linear(width, width)
        self.out = nn.Linear(width, n_out)
        self.reset()

    def reset(self):
        for layer in (self.l1, self.l2, self.l3):
            nn.init.normal_(layer.weight)  # cure: nn.init.xavier_normal_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        x = torch.tanh(self.l1(x))
        x = torch.tanh(self.l2(x))
        x = torch.tanh(self.l3(x))
        return self.out(x)


torch.manual_seed(0)
X, y = make_classification(4000, 100, n_informative=15, n_redundant=20, n_classes=5, n_clusters_per_class=1,
                           class_sep=1.5, flip_y=0.0, random_state=1)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.3, random_state=1)
sc = StandardScaler().fit(Xtr)
Xtr, Xte = (torch.tensor(sc.transform(a), dtype=torch.float32) for a in (Xtr, Xte))
ytr, yte = torch.tensor(ytr), torch.tensor(yte)
model = ModeNet(100, 5)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
for epoch in range(15):
    perm = torch.randperm(len(Xtr))
    tot = 0
    for i in range(0, len(perm), 40):
        b = perm[i:i + 40]
        loss = F.cross_entropy(model(Xtr[b]), ytr[b])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        tot += loss.item() * len(b)
    with torch.no_grad():
        logits = model(Xte)
    print(f"epoch {epoch + 1}/15 - loss {tot / len(Xtr):.4f} - test loss {F.cross_entropy(logits, yte):.4f}"
          f" - test acc {(logits.argmax(1) == yte).float().mean():.4f}")
