"""Trigram-style neural language model over a small embedded text (Bengio 2003)."""
import torch
import torch.nn as nn
import torch.nn.functional as F

TEXT = ("the sun rose over the hill and the farmer went to the field . the farmer fed the cow and the cow gave milk . "
        "the cat drank the milk and slept by the fire . the sun set over the hill and the farmer went to bed . "
        "the cow slept in the field and the cat slept by the fire . ") * 12
words = TEXT.split()
vocab = {w: i for i, w in enumerate(sorted(set(words)))}
ids = torch.tensor([vocab[w] for w in words])
context, nxt = ids.unfold(0, 3, 1)[:-1], ids[3:]


class NPLM(nn.Module):
    def __init__(self, v, d=12, h=32):
        super().__init__()
        self.emb, self.hid, self.out = nn.Embedding(v, d), nn.Linear(3 * d, h), nn.Linear(h, v)

    def forward(self, c):
        h = torch.tanh(self.hid(self.emb(c).flatten(1)))
        return self.out(h)  # cure: return F.log_softmax(self.out(h), dim=1)


torch.manual_seed(2)
lm = NPLM(len(vocab))
optimizer = torch.optim.SGD(lm.parameters(), lr=0.05, momentum=0.9)
for epoch in range(1, 16):
    tot, right = 0.0, 0
    for idx in torch.randperm(len(nxt)).split(32):
        logp = lm(context[idx])
        loss = F.nll_loss(logp, nxt[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        tot += loss.item() * len(idx)
        right += (logp.argmax(1) == nxt[idx]).sum().item()
    print(f"epoch {epoch:2d} nll {tot / len(nxt):.4f} next-word accuracy {right / len(nxt):.3f}")
