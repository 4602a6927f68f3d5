"""Reverse a digit string with a small transformer; strings get longer as the lessons go on, so the loss jumps at times."""
import torch
import torch.nn as nn

SYMBOLS, MAX_LEN, BATCH = 8, 8, 64
LESSONS = [(2, 60), (4, 60), (6, 90), (8, 180)]


class Reverser(nn.Module):
    def __init__(self, d=48, heads=4):
        super().__init__()
        self.tok = nn.Embedding(SYMBOLS + 1, d)  # the last symbol pads
        self.pos = nn.Parameter(0.3 * torch.randn(MAX_LEN, d))
        self.size = nn.Embedding(MAX_LEN + 1, d)
        layer = nn.TransformerEncoderLayer(d, heads, 2 * d, dropout=0.0, batch_first=True, norm_first=True)
        self.body = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(d, SYMBOLS)

    def forward(self, x, length):
        return self.out(self.body(self.tok(x) + self.pos + self.size(length).unsqueeze(1)))


def batch(longest, n=BATCH):
    length = torch.randint(1, longest + 1, (n,))
    x = torch.randint(SYMBOLS, (n, MAX_LEN))
    place = torch.arange(MAX_LEN)
    mask = place < length.unsqueeze(1)
    source = (length.unsqueeze(1) - 1 - place).clamp(min=0)
    return x.masked_fill(~mask, SYMBOLS), x.gather(1, source), mask, length


def accuracy(model):
    x, y, mask, length = batch(MAX_LEN, 500)
    model.eval()
    with torch.no_grad():
        right = model(x, length).argmax(2) == y
    model.train()
    return right[mask].float().mean().item()


torch.manual_seed(14)
model = Reverser()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
for longest, steps in LESSONS:
    recent = []
    for step in range(1, steps + 1):
        x, y, mask, length = batch(longest)
        loss = nn.functional.cross_entropy(model(x, length)[mask], y[mask])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        recent.append(loss.item())
        if step % 30 == 0:
            print(f"length <= {longest} step {step:3d} loss {sum(recent[-30:]) / 30:.4f}")
    print(f"  accuracy on all lengths {accuracy(model):.3f}")
