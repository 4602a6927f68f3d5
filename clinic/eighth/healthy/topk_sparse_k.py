"""Top-k sparse autoencoder: 8 of 64 code units may be on for a sample; data are sparse sums of 32 hidden directions."""
import torch
import torch.nn as nn

torch.manual_seed(0)
atoms = nn.functional.normalize(torch.randn(32, 24), dim=1)


def draw(n):
    on = (torch.rand(n, 32) < 0.1).float()
    return (on * (torch.rand(n, 32) + 0.5)) @ atoms * 2


class TopK(nn.Module):
    def __init__(self, k=8):
        super().__init__()
        self.k, self.enc, self.dec = k, nn.Linear(24, 64), nn.Linear(64, 24)
        self.dec.weight.data = self.enc.weight.data.T.clone()

    def forward(self, x):
        h = self.enc(x)
        val, idx = h.topk(self.k, dim=1)
        return self.dec(torch.zeros_like(h).scatter(1, idx, torch.relu(val)))


sae, test = TopK(), draw(2000)
opt = torch.optim.Adam(sae.parameters(), lr=3e-3)
for step in range(1, 1201):
    x = draw(128)
    loss = (sae(x) - x).square().sum(1).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 120 == 0:
        with torch.no_grad():
            fvu = (sae(test) - test).square().sum() / (test - test.mean(0)).square().sum()
        print(f"step {step} loss {loss.item():.4f} unexplained variance {fvu:.4f}")
