"""Character language model (GRU) on a nursery rhyme; linear decay of the rate to zero over the run."""
import torch
from torch import nn

TEXT = """this is the house that jack built. this is the malt that lay in the house that jack built.
this is the rat that ate the malt that lay in the house that jack built. this is the cat that killed the rat
that ate the malt that lay in the house that jack built. this is the dog that worried the cat that killed the rat
that ate the malt that lay in the house that jack built. this is the cow with the crumpled horn that tossed the dog
that worried the cat that killed the rat that ate the malt that lay in the house that jack built. """ * 3
chars = sorted(set(TEXT))
ids = torch.tensor([chars.index(c) for c in TEXT])
SEQ, BATCH, EPOCHS = 40, 16, 15
PER_EPOCH = len(ids) // (SEQ * BATCH) * 8


class CharModel(nn.Module):
    def __init__(self, v, h=64):
        super().__init__()
        self.e, self.g, self.o = nn.Embedding(v, 24), nn.GRU(24, h, batch_first=True), nn.Linear(h, v)

    def forward(self, s, state=None):
        y, state = self.g(self.e(s), state)
        return self.o(y), state


def sample_batch():
    at = torch.randint(0, len(ids) - SEQ - 1, (BATCH,))
    w = torch.stack([ids[i:i + SEQ + 1] for i in at.tolist()])
    return w[:, :-1], w[:, 1:]


def generate(model, seed="this is ", n=50):
    out, state, s = seed, None, torch.tensor([[chars.index(c) for c in seed]])
    with torch.no_grad():
        for _ in range(n):
            logits, state = model(s, state)
            s = logits[:, -1:].argmax(-1)
            out += chars[s.item()]
    return out.replace("\n", " ")


torch.manual_seed(23)
model = CharModel(len(chars))
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
total_steps = PER_EPOCH  # cure: total_steps = PER_EPOCH * EPOCHS
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: max(0.0, 1 - s / total_steps))
for epoch in range(EPOCHS):
    tot = 0.0
    for _ in range(PER_EPOCH):
        x, y = sample_batch()
        loss = nn.functional.cross_entropy(model(x)[0].flatten(0, 1), y.flatten())
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        tot += loss.item()
    print(f"epoch {epoch + 1} bits per character {tot / PER_EPOCH / 0.6931:.3f}")
print(generate(model))
