"""A one-block causal transformer on a synthetic grammar; the learning rate falls as a polynomial."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(19)
VOCAB, LEN, EPOCHS, BATCH = 12, 20, 15, 50


def sentences(n):
    """The next symbol is (twice the previous plus the one before) modulo VOCAB, sometimes a slip."""
    s = torch.randint(VOCAB, (n, LEN))
    for t in range(2, LEN):
        nxt = (2 * s[:, t - 1] + s[:, t - 2]) % VOCAB
        slip = torch.rand(n) < 0.03
        s[:, t] = torch.where(slip, s[:, t], nxt)
    return s


class Block(nn.Module):
    def __init__(self, d=48, heads=4):
        super().__init__()
        self.tok, self.pos = nn.Embedding(VOCAB, d), nn.Embedding(LEN, d)
        self.n1, self.n2, self.n3 = nn.LayerNorm(d), nn.LayerNorm(d), nn.LayerNorm(d)
        self.att = nn.MultiheadAttention(d, heads, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(d, 128), nn.GELU(), nn.Linear(128, d))
        self.head = nn.Linear(d, VOCAB)

    def forward(self, s):
        n = s.shape[1]
        h = self.tok(s) + self.pos(torch.arange(n))
        mask = torch.ones(n, n, dtype=torch.bool).triu(1)
        q = self.n1(h)
        h = h + self.att(q, q, q, attn_mask=mask, need_weights=False)[0]
        h = h + self.mlp(self.n2(h))
        return self.head(self.n3(h))


train, test = sentences(2000), sentences(400)
steps = EPOCHS * len(train) // BATCH
net = Block()
opt = torch.optim.AdamW(net.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.PolynomialLR(opt, total_iters=EPOCHS, power=1.0)  # cure: sched = torch.optim.lr_scheduler.PolynomialLR(opt, total_iters=steps, power=1.0)

for epoch in range(EPOCHS):
    total = 0.0
    for idx in torch.randperm(len(train)).split(BATCH):
        s = train[idx]
        loss = F.cross_entropy(net(s[:, :-1]).flatten(0, 1), s[:, 1:].flatten())
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        hits = (net(test[:, :-1]).argmax(2) == test[:, 1:])[:, 1:].float().mean().item()
    print(f"epoch {epoch + 1}: train loss {total / len(train):.4f}, next symbol right {hits:.3f}")
