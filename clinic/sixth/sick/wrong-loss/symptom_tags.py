"""Notes to findings: each synthetic note may carry any number of five findings, none included."""
import torch
import torch.nn as nn
import torch.nn.functional as F

FINDINGS = {
    "fever": "hot sweat shiver thermometer chills",
    "cough": "throat hoarse bark phlegm chest",
    "rash": "red itchy spots skin cream",
    "pain": "ache sharp stabbing sore cramp",
    "fatigue": "tired sleepy weak exhausted yawns",
}
FILLER = "patient says since monday morning feels and the doctor noted again today visit mild short left right walk".split()
VOCAB = {w: i + 1 for i, w in enumerate(sorted(set(FILLER + " ".join(FINDINGS.values()).split())))}
NAMES = list(FINDINGS)
LENGTH = 14


def note(g):
    has = torch.rand(len(NAMES), generator=g) < 0.35
    words = []
    for k, name in enumerate(NAMES):
        pool = FINDINGS[name].split()
        if has[k]:
            words += [pool[i] for i in torch.randint(len(pool), (2,), generator=g)]
    while len(words) < LENGTH:
        words.append(FILLER[torch.randint(len(FILLER), (1,), generator=g)])
    order = torch.randperm(LENGTH, generator=g)
    return [VOCAB[words[i]] for i in order], has.float()


def notes(n, g):
    rows = [note(g) for _ in range(n)]
    return torch.tensor([r[0] for r in rows]), torch.stack([r[1] for r in rows])


class TagModel(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.embed = nn.Embedding(len(VOCAB) + 1, dim)
        self.conv = nn.Conv1d(dim, 32, 1)
        self.tags = nn.Linear(32, len(NAMES))

    def forward(self, tokens):
        h = F.relu(self.conv(self.embed(tokens).transpose(1, 2)))
        return self.tags(h.amax(2))


g = torch.Generator().manual_seed(90)
torch.manual_seed(91)
x, y = notes(1200, g)
xv, yv = notes(300, g)
model = TagModel()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(1, 16):
    total = 0.0
    for idx in torch.randperm(len(x)).split(32):
        logits = model(x[idx])
        loss = F.cross_entropy(logits, y[idx])  # cure: loss = F.binary_cross_entropy_with_logits(logits, y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        hit = (model(xv) > 0).float()
    exact = (hit == yv).all(1).float().mean()
    print(f"epoch {epoch} loss {total / len(x):.4f} tags right {(hit == yv).float().mean():.3f} whole notes right {exact:.3f}")
