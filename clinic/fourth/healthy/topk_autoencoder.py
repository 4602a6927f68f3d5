"""k-sparse autoencoder: only the 8 strongest of 200 code units stay on per sample (sparse sums of hidden atoms)."""
import torch

torch.manual_seed(0)
D, ATOMS, CODE, KEEP = 40, 60, 200, 8
atoms = torch.nn.functional.normalize(torch.randn(ATOMS, D), dim=1)


def mixtures(n):
    use = torch.rand(n, ATOMS) < 3 / ATOMS
    return (use * (1 + torch.rand(n, ATOMS))) @ atoms + 0.02 * torch.randn(n, D)


x, xt = mixtures(4000), mixtures(1000)
enc = torch.nn.Linear(D, CODE)
dec = torch.nn.Linear(CODE, D)
with torch.no_grad():
    dec.weight.copy_(torch.nn.functional.normalize(enc.weight, dim=1).T)
    enc.weight.copy_(dec.weight.T)


def code(v):
    h = torch.relu(enc(v))
    top = h.topk(KEEP, dim=1)
    return torch.zeros_like(h).scatter(1, top.indices, top.values)


opt = torch.optim.Adam([*enc.parameters(), *dec.parameters()], lr=2e-3)
for epoch in range(1, 21):
    for idx in torch.randperm(len(x)).split(80):
        loss = (dec(code(x[idx])) - x[idx]).pow(2).sum(1).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 2 == 0:
        with torch.no_grad():
            c = code(xt)
            err = (dec(c) - xt).pow(2).sum() / xt.pow(2).sum()
        print(f"epoch {epoch}: loss {loss.item():.4f} unexplained {err.item():.4f} active per sample "
              f"{(c > 0).float().sum(1).mean().item():.1f}, units ever used {(c > 0).any(0).float().mean().item():.3f}")
