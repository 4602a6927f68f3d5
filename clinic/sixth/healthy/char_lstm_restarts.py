"""Letter LSTM on a counting rhyme; one-cycle warm restarts, state carried between chunks (truncated BPTT)."""
import torch
import torch.nn as nn
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts

RHYME = ("ten green bottles hanging on the wall, ten green bottles hanging on the wall, and if one green bottle should "
         "accidentally fall, there will be nine green bottles hanging on the wall. ")
NUMBERS = "ten nine eight seven six five four three two one no".split()
text = "".join(RHYME.replace("nine", b).replace("ten", a) for a, b in zip(NUMBERS, NUMBERS[1:]))
alphabet = sorted(set(text))
data = torch.tensor([alphabet.index(c) for c in text])
V, LANES, CHUNK = len(alphabet), 8, 24

torch.manual_seed(80)
cut = len(data) // LANES
lanes = data[:cut * LANES].view(LANES, cut)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(V, 16)
        self.lstm = nn.LSTM(16, 64, batch_first=True)
        self.out = nn.Linear(64, V)

    def forward(self, x, state=None):
        h, state = self.lstm(self.emb(x), state)
        return self.out(h), state


model = Model()
opt = torch.optim.Adam(model.parameters(), lr=6e-3)
sched = CosineAnnealingWarmRestarts(opt, T_0=5, T_mult=2, eta_min=1e-4)
for epoch in range(35):
    state, total, n = None, 0.0, 0
    for k in range(0, cut - CHUNK - 1, CHUNK):
        x, y = lanes[:, k:k + CHUNK], lanes[:, k + 1:k + CHUNK + 1]
        logits, state = model(x, state)
        state = tuple(s.detach() for s in state)
        loss = nn.functional.cross_entropy(logits.reshape(-1, V), y.reshape(-1))
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        total += loss.item()
        n += 1
    sched.step()
    if epoch % 3 == 1:
        print(f"epoch {epoch + 1} lr {opt.param_groups[0]['lr']:.5f} nats per letter {total / n:.4f}")
with torch.no_grad():
    out, state, c = [], None, torch.tensor([[alphabet.index("t")]])
    for _ in range(80):
        logits, state = model(c, state)
        c = logits[:, -1:].argmax(2)
        out.append(alphabet[c.item()])
print("t" + "".join(out))
