"""A little transformer that learns to spell place names, character by character."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(5)
START = "ash bar black brad burn char clay crom dal dun east elm fair glen ham hart hol kirk lang mar mel new nor oak pen red rosen sal shel stan stoke sut thorn wal west wick win wood".split()
END = "bridge burgh bury by church combe cote dale den field ford gate ham hill hurst leigh ley low mere moor mouth pool port stead stone thorpe ton well wich worth".split()
EPOCHS = 75  # cure: EPOCHS = 15
LENGTH, CHARS = 14, "abcdefghijklmnopqrstuvwxyz"


def encode(names):
    rows = torch.zeros(len(names), LENGTH, dtype=torch.long)
    for i, name in enumerate(names):
        for j, c in enumerate(name):
            rows[i, j + 1] = CHARS.index(c) + 1
    return rows


class Speller(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.token = nn.Embedding(27, dim)
        self.place = nn.Parameter(0.1 * torch.randn(LENGTH, dim))
        layer = nn.TransformerEncoderLayer(dim, 4, 128, dropout=0.0, batch_first=True, norm_first=True)
        self.body = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(dim, 27)

    def forward(self, ids):
        mask = nn.Transformer.generate_square_subsequent_mask(ids.shape[1])
        return self.out(self.body(self.token(ids) + self.place[: ids.shape[1]], mask=mask))


def nll(model, ids):
    target = ids[:, 1:].clone()
    after_end = (target == 0).cumsum(1) > 1
    target[after_end] = -100
    return F.cross_entropy(model(ids[:, :-1]).flatten(0, 1), target.flatten(), ignore_index=-100)


names = [s + e for s in START for e in END if len(s + e) < LENGTH - 1]
order = torch.randperm(len(names)).tolist()
train, valid = encode([names[i] for i in order[:140]]), encode([names[i] for i in order[140:440]])
model = Speller()
opt = torch.optim.AdamW(model.parameters(), lr=1.5e-3)
for epoch in range(EPOCHS):
    model.train()
    losses = []
    for idx in torch.randperm(len(train)).split(20):
        loss = nll(model, train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        v = nll(model, valid).item()
    print(f"epoch {epoch + 1:2d} nats per letter: train {sum(losses) / len(losses):.3f} valid {v:.3f}")
