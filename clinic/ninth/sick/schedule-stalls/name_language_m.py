"""Which of three invented languages does a word come from? Letter LSTM with warm-up and linear decay."""
import random

import torch
from torch import nn

SOUNDS = {
    "northern": ("k t l v s h p m n".split(), "aa e i yy o u a".split(), ["", "n", "s", ""]),
    "southern": ("k t l v s r p m n".split(), "a e i o u ia".split(), ["", "", "r"]),
    "eastern": ("k t l v s r h m g".split(), "a e i o u a".split(), ["k", "n", "sh", "t"]),
}
random.seed(12)


def word(onsets, vowels, codas):
    return "".join(random.choice(onsets) + random.choice(vowels) + random.choice(codas) for _ in range(random.randint(2, 3)))


pairs = [(word(*SOUNDS[name]), k) for k, name in enumerate(SOUNDS) for _ in range(250)]
pairs = list(dict.fromkeys(pairs))
letters = sorted({c for w, _ in pairs for c in w})
MAXLEN = max(len(w) for w, _ in pairs)


def encode(w):
    return [letters.index(c) + 1 for c in w] + [0] * (MAXLEN - len(w))


torch.manual_seed(121)
X = torch.tensor([encode(w) for w, _ in pairs])
Y = torch.tensor([k for _, k in pairs])
perm = torch.randperm(len(Y))
train, test = perm[:500], perm[500:]


class Guess(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(len(letters) + 1, 16, padding_idx=0)
        self.lstm = nn.LSTM(16, 24, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(48, 3)

    def forward(self, x):
        h, _ = self.lstm(self.emb(x))
        return self.out(self.drop(h.mean(1)))


EPOCHS, BATCH, WARM = 14, 25, 6
per_epoch = -(-len(train) // BATCH)
total = EPOCHS  # cure: total = EPOCHS * per_epoch
net = Guess()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.LambdaLR(
    opt, lambda s: min((s + 1) / WARM, max(1e-3, (total - s) / max(1, total - WARM))))
for epoch in range(EPOCHS):
    net.train()
    run = 0.0
    for i in train[torch.randperm(len(train))].split(BATCH):
        loss = nn.functional.cross_entropy(net(X[i]), Y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        run += loss.item() * len(i) / len(train)
    net.eval()
    with torch.no_grad():
        z = net(X[test])
    if epoch % 3 == 0:
        print(f"epoch {epoch + 1:2d} train {run:.4f} test {nn.functional.cross_entropy(z, Y[test]):.4f} "
              f"acc {(z.argmax(1) == Y[test]).float().mean():.3f}")
