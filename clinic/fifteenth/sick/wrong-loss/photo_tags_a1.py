"""Tag photos: each may show any number of eight things at once; features come from a fixed extractor."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(34)
TAGS = ["sky", "tree", "dog", "car", "sea", "people", "house", "food"]
signature = torch.randn(len(TAGS), 32)


def photos(n):
    tags = (torch.rand(n, len(TAGS)) < 0.3).float()
    features = tags @ signature + 0.8 * torch.randn(n, 32)
    return (features - 0.3 * signature.sum(0)) / 1.6, tags


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(32, 48), nn.ReLU(), nn.Dropout(0.1), nn.Linear(48, len(TAGS)))

    def forward(self, x):
        return self.net(x)


def f1(scores, tags):
    guess = (torch.sigmoid(scores) > 0.5).float()
    hit = (guess * tags).sum(0)
    return (2 * hit / (guess.sum(0) + tags.sum(0)).clamp(min=1)).mean().item(), (guess == tags).all(1).float().mean().item()


train, (x_val, t_val) = TensorDataset(*photos(3000)), photos(800)
model = Tagger()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loss_fn = nn.CrossEntropyLoss()  # cure: loss_fn = nn.BCEWithLogitsLoss()
for epoch in range(1, 16):
    model.train()
    total = 0.0
    for x, t in DataLoader(train, batch_size=50, shuffle=True):
        loss = loss_fn(model(x), t)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
    model.eval()
    with torch.no_grad():
        scores = model(x_val)
    macro, exact = f1(scores, t_val)
    print(f"epoch {epoch:2d}  loss {total / len(train):.4f}  val loss {loss_fn(scores, t_val).item():.4f}  "
          f"macro F1 {macro:.3f}  all tags right {exact:.3f}")
