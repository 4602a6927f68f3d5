"""Sequence VAE with KL annealing: the weight of the KL term grows from 0 to 1 in the first half, so that the weighted loss
first falls, then rises; the ELBO (weight 1) on held-out sequences is what should improve."""
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(37)
VOCAB, LENGTH, LATENT = 10, 12, 4


def rows(n):
    """Counting up or down from a random start, by a random stride."""
    start, stride = torch.randint(VOCAB, (n, 1)), torch.randint(1, 4, (n, 1)) * (2 * torch.randint(2, (n, 1)) - 1)
    return (start + stride * torch.arange(LENGTH)) % VOCAB


class SeqVAE(nn.Module):
    def __init__(self, d=24, h=48):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, d)
        self.enc = nn.GRU(d, h, batch_first=True)
        self.stats = nn.Linear(h, 2 * LATENT)
        self.dec = nn.Sequential(nn.Linear(LATENT, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, LENGTH * VOCAB))

    def forward(self, s):
        mu, logvar = self.stats(self.enc(self.embed(s))[1][-1]).chunk(2, 1)
        z = mu + torch.randn_like(mu) * (logvar / 2).exp()
        logits = self.dec(z).view(len(s), LENGTH, VOCAB)
        rec = F.cross_entropy(logits.flatten(0, 1), s.flatten(), reduction="sum") / len(s)
        kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).sum(1).mean()
        return rec, kl


train, valid = rows(3000), rows(600)
model = SeqVAE()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
EPOCHS = 40
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.1, total_iters=EPOCHS)
for epoch in range(EPOCHS):
    beta = min(1.0, epoch / (EPOCHS / 2))
    model.train()
    total = 0.0
    for idx in torch.randperm(len(train)).split(100):
        rec, kl = model(train[idx])
        loss = rec + beta * kl
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        opt.step()
        total += loss.item() / 30
    sched.step()
    model.eval()
    with torch.no_grad():
        rec, kl = model(valid)
    if epoch % 4 == 3:
        print(f"epoch {epoch + 1:2d} beta {beta:.2f} weighted loss {total:.3f} | held out: rec {rec:.3f} kl {kl:.3f} -elbo {rec + kl:.3f}")
