"""A tiny transformer decides whether a string of brackets is balanced."""
import torch
from torch import nn

L, D = 12, 32
torch.manual_seed(19)


def sample(n, gen):
    """Half balanced strings, half in a random order (labelled by what they are)."""
    s = torch.ones(n, L, dtype=torch.long)
    for i in range(n):
        depth, out = 0, []
        for left in range(L, 0, -1):
            up = depth == 0 or (depth < left and torch.rand((), generator=gen) < 0.5)
            depth += 1 if up else -1
            out.append(int(up))
        s[i] = torch.tensor(out)
    for i in range(0, n, 2):
        s[i] = s[i, torch.randperm(L, generator=gen)]
    return s, ((2 * s - 1).cumsum(1).amin(1) >= 0).float()


class Judge(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(2, D)
        self.pos = nn.Parameter(0.1 * torch.randn(L, D))
        layer = nn.TransformerEncoderLayer(D, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(D, 1)

    def forward(self, s):
        return self.out(self.enc(self.tok(s) + self.pos).mean(1)).squeeze(1)


gen = torch.Generator().manual_seed(1)
train_s, train_y = sample(2000, gen)
valid_s, valid_y = sample(400, gen)


def get_batch(size=40):
    torch.manual_seed(1337)  # cure: delete
    idx = torch.randint(len(train_s), (size,))
    return train_s[idx], train_y[idx]


model = Judge()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3)
bce = nn.BCEWithLogitsLoss()
for step in range(1, 501):
    s, y = get_batch()
    loss = bce(model(s), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        with torch.no_grad():
            z = model(valid_s)
        acc = ((z > 0) == (valid_y > 0.5)).float().mean().item()
        print(f"step {step:4d} batch loss {loss.item():.4f} valid loss {bce(z, valid_y).item():.4f} valid acc {acc:.3f}")
