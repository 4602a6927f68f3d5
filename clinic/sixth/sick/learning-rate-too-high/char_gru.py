"""Character model of a short English text with a GRU."""
import math
import torch
import torch.nn as nn
import torch.nn.functional as F

TEXT = """the quick brown fox jumps over the lazy dog while the small grey cat sleeps on the warm mat.
when the rain falls on the roof the dog runs to the house and the fox hides under the old oak tree.
the cat looks at the fox and the fox looks at the moon and the moon looks at all the small things below.
in the morning the sun comes up over the hill and the brown dog jumps over the small stream again. """
LEARNING_RATE = 1.0  # cure: LEARNING_RATE = 0.005

torch.manual_seed(10)
chars = sorted(set(TEXT))
ids = torch.tensor([chars.index(c) for c in TEXT])


class CharGRU(nn.Module):
    def __init__(self, vocab, dim=24, hidden=64):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim)
        self.gru = nn.GRU(dim, hidden, batch_first=True)
        self.out = nn.Linear(hidden, vocab)

    def forward(self, x):
        h, _ = self.gru(self.emb(x))
        return self.out(h)


model = CharGRU(len(chars))
opt = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
print(f"{len(chars)} characters, uniform guess {math.log(len(chars)):.3f} nats")
avg = 0.0
for step in range(1, 221):
    start = torch.randint(len(ids) - 33, (32,))
    chunk = torch.stack([ids[s:s + 33] for s in start])
    logits = model(chunk[:, :-1])
    loss = F.cross_entropy(logits.reshape(-1, len(chars)), chunk[:, 1:].reshape(-1))
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg += loss.item() / 20
    if step % 20 == 0:
        print(f"step {step} nats/char {avg:.3f}")
        avg = 0.0
