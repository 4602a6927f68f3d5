"""Character-level language identification (twelve toy languages) with a 1-d CNN."""
import random
import torch
from torch import nn

random.seed(2)
torch.manual_seed(2)
LANGS = 12
POOL = [c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "an", "el")]
SYLLABLES = {k: random.sample(POOL, 14) for k in range(LANGS)}


def word(lang):
    pool = SYLLABLES[lang] if random.random() < 0.9 else POOL
    return "".join(random.choice(pool) for _ in range(random.randint(1, 3)))


def sample():
    lang = random.randrange(LANGS)
    text = " ".join(word(lang) for _ in range(4))[:24].ljust(24)
    return [ord(c) - 96 if c != " " else 0 for c in text], lang


def dataset(n):
    rows = [sample() for _ in range(n)]
    return torch.tensor([r[0] for r in rows]), torch.tensor([r[1] for r in rows])


class TextCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 12)
        self.conv = nn.Conv1d(12, 64, 3, padding=1)
        self.fc = nn.Linear(64, LANGS)

    def forward(self, x):
        h = torch.relu(self.conv(self.emb(x).transpose(1, 2))).amax(-1)
        return torch.softmax(self.fc(h), dim=-1)  # cure: return self.fc(h)


x, y = dataset(2400)
xv, yv = dataset(400)
model = TextCNN()
criterion = nn.CrossEntropyLoss()
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(12):
    total = 0.0
    for idx in torch.randperm(len(x)).split(50):
        loss = criterion(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        out = model(xv)
        print(f"epoch {epoch}: loss {total / len(x):.4f} val loss {criterion(out, yv).item():.4f} "
              f"val acc {(out.argmax(1) == yv).float().mean().item():.3f}")
