"""Sequence to sequence: a GRU encoder reads 8 symbols, a GRU decoder writes them in reversed order."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(11)
VOCAB, LENGTH, WIDTH = 10, 8, 96


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, 24)
        self.gru = nn.GRU(24, WIDTH, batch_first=True)

    def forward(self, tokens):
        _, h = self.gru(self.embed(tokens))
        return h


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(VOCAB + 1, 24)  # the last one starts a sentence
        self.gru = nn.GRU(24, WIDTH, batch_first=True)
        self.out = nn.Linear(WIDTH, VOCAB)

    def forward(self, h, previous):
        y, _ = self.gru(self.embed(previous), h)
        return self.out(y)


def batch(n):
    src = torch.randint(VOCAB, (n, LENGTH))
    tgt = src.flip(1)
    start = torch.full((n, 1), VOCAB)
    return src, torch.cat([start, tgt[:, :-1]], 1), tgt


encoder, decoder = Encoder(), Decoder()
params = list(encoder.parameters()) + list(decoder.parameters())
opt = torch.optim.Adam(params, lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 1200, eta_min=1e-4)
test = batch(1000)
total = 0.0
for step in range(1, 1201):
    src, inp, tgt = batch(64)
    state = encoder(src)
    logits = decoder(state.detach(), inp)  # cure: logits = decoder(state, inp)
    loss = F.cross_entropy(logits.flatten(0, 1), tgt.flatten())
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    total += loss.item()
    if step % 100 == 0:
        with torch.no_grad():
            pred = decoder(encoder(test[0]), test[1]).argmax(-1)
        whole = (pred == test[2]).all(1).float().mean()
        print(f"step {step} loss {total / 100:.3f} symbols {(pred == test[2]).float().mean():.3f} whole {whole:.3f}")
        total = 0.0
