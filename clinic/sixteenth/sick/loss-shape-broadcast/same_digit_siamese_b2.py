"""Do two images show the same digit?  A siamese embedding, trained with the contrastive loss of Hadsell et al."""
import torch
from sklearn.datasets import load_digits
from sklearn.metrics import roc_auc_score
from torch import nn

torch.manual_seed(23)
digits = load_digits()
pixels = torch.tensor(digits.data, dtype=torch.float32) / 8 - 1
target = torch.tensor(digits.target)
shuffle = torch.randperm(len(pixels))
train_rows, test_rows = shuffle[:1300], shuffle[1300:]


def draw_pairs(rows, n):
    """Half of the pairs show the same digit."""
    first = rows[torch.randint(len(rows), (n,))]
    second = rows[torch.randint(len(rows), (n,))]
    for i in range(0, n, 2):
        same = rows[target[rows] == target[first[i]]]
        second[i] = same[torch.randint(len(same), (1,))]
    return first, second, (target[first] == target[second]).float()


class Embedder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))

    def distance(self, a, b):
        difference = self.layers(a) - self.layers(b)
        return difference.norm(dim=1, keepdim=True)  # cure: return difference.norm(dim=1)


def contrastive(distance, same, margin=2.0):
    pull = same * distance.pow(2)
    push = (1 - same) * (margin - distance).clamp(min=0).pow(2)
    return 0.5 * (pull + push).mean()


net = Embedder()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
test_a, test_b, test_same = draw_pairs(test_rows, 1000)
for epoch in range(15):
    running = 0.0
    for _ in range(40):
        a, b, same = draw_pairs(train_rows, 64)
        loss = contrastive(net.distance(pixels[a], pixels[b]), same)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() / 40
    with torch.no_grad():
        d = net.distance(pixels[test_a], pixels[test_b]).flatten()
    auc = roc_auc_score(test_same, -d)
    print(f"epoch {epoch:2d}  loss {running:.4f}  AUC {auc:.3f}  same {d[test_same == 1].mean():.2f}  other {d[test_same == 0].mean():.2f}")
