"""Tag short generated messages with any of six tags (a message may carry several or none)."""
import torch
from torch import nn
from sklearn.metrics import f1_score

torch.manual_seed(10)
V, TAGS = 120, 6
tag_words = torch.randperm(V)[:TAGS * 10].view(TAGS, 10)


def messages(n):
    tags = (torch.rand(n, TAGS) < 0.35).float()
    words = torch.randint(0, V, (n, 24))
    noise = ~torch.isin(words, tag_words)
    words = torch.where(noise, words, torch.zeros_like(words))
    for k in range(TAGS):
        pick = tag_words[k][torch.randint(0, 10, (n, 2))]
        on = tags[:, k:k + 1].bool()
        words[:, 2 * k:2 * k + 2] = torch.where(on, pick, words[:, 2 * k:2 * k + 2])
    return words.gather(1, torch.rand(n, 24).argsort(1)), tags


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.bag = nn.EmbeddingBag(V, 32, mode="mean")
        self.head = nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, TAGS))

    def forward(self, w):
        return self.head(self.bag(w))


criterion = nn.CrossEntropyLoss()  # cure: criterion = nn.BCEWithLogitsLoss()
model = Tagger()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
xt, yt = messages(3000)
xv, yv = messages(800)
for epoch in range(10):
    total = 0.0
    for idx in torch.randperm(3000).split(60):
        loss = criterion(model(xt[idx]), yt[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 50
    with torch.no_grad():
        hits = model(xv) > 0
    f1 = f1_score(yv.numpy(), hits.numpy(), average="micro")
    exact = (hits == yv.bool()).all(1).float().mean()
    print(f"epoch {epoch + 1:2d} loss {total:.4f} micro-F1 {f1:.3f} exact {exact:.3f}")
