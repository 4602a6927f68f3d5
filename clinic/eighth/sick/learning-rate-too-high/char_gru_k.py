"""Character language model (GRU) on a nursery rhyme."""
import argparse
import torch
import torch.nn as nn

TEXT = """this is the house that jack built. this is the malt that lay in the house that jack built.
this is the rat that ate the malt that lay in the house that jack built.
this is the cat that killed the rat that ate the malt that lay in the house that jack built.
this is the dog that worried the cat that killed the rat that ate the malt that lay in the house that jack built.
""" * 6
ap = argparse.ArgumentParser()
ap.add_argument("--lr", type=float, default=1.0)  # cure: ap.add_argument("--lr", type=float, default=0.005)
ap.add_argument("--steps", type=int, default=200)
ap.add_argument("--seq", type=int, default=32)
a = ap.parse_args()
torch.manual_seed(0)
chars = sorted(set(TEXT))
data = torch.tensor([chars.index(c) for c in TEXT])


class CharLM(nn.Module):
    def __init__(self, v, d=24, h=64):
        super().__init__()
        self.e, self.g, self.o = nn.Embedding(v, d), nn.GRU(d, h, batch_first=True), nn.Linear(h, v)

    def forward(self, x):
        return self.o(self.g(self.e(x))[0])


lm = CharLM(len(chars))
opt = torch.optim.Adam(lm.parameters(), lr=a.lr)
avg = 0.0
for step in range(1, a.steps + 1):
    start = torch.randint(0, len(data) - a.seq - 1, (32,))
    block = torch.stack([data[s:s + a.seq + 1] for s in start])
    logits = lm(block[:, :-1])
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), block[:, 1:].flatten())
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg += loss.item() / 20
    if step % 20 == 0:
        print(f"step {step:4d} nats/char {avg:.4f}")
        avg = 0.0
