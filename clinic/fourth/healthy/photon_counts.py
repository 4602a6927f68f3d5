"""Photon counts of variable stars: Poisson likelihood, summed and with its constant, so that the loss is in the tens of thousands."""
import torch

torch.manual_seed(0)


def stars(n):
    colour, period, phase = torch.randn(n), torch.rand(n) * 2, torch.rand(n)
    rate = torch.exp(4.0 + 0.8 * colour + 0.5 * torch.cos(2 * torch.pi * phase) * torch.sigmoid(3 * (period - 1)))
    features = torch.stack([colour, (period - 1) / 0.58, torch.cos(2 * torch.pi * phase), torch.sin(2 * torch.pi * phase)], 1)
    return features, torch.poisson(rate), rate


x, counts, _ = stars(6000)
xt, ct, true_rate = stars(2000)
log_rate = torch.nn.Sequential(torch.nn.Linear(4, 48), torch.nn.SiLU(), torch.nn.Linear(48, 48), torch.nn.SiLU(),
                               torch.nn.Linear(48, 1))
with torch.no_grad():
    log_rate[-1].bias.fill_(counts.mean().log())
opt = torch.optim.Adam(log_rate.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.05, total_iters=25)


def cost(f, c):
    eta = log_rate(f).squeeze(1)
    return (eta.exp() - c * eta + torch.lgamma(c + 1)).sum() + 0.5 * 100.0 * len(c)


for epoch in range(1, 26):
    total = 0.0
    for idx in torch.randperm(6000).split(100):
        loss = cost(x[idx], counts[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    sched.step()
    if epoch % 3 == 1:
        with torch.no_grad():
            off = (log_rate(xt).squeeze(1) - true_rate.log()).abs().mean().item()
        print(f"epoch {epoch:2d}: total cost {total:,.0f}, mean error of the log rate {off:.4f}")
