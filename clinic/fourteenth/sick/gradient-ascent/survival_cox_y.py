"""A neural Cox model: risk scores of patients from their covariates, censored survival times."""
import torch
import torch.nn as nn

torch.manual_seed(27)
N, P = 900, 6
x = torch.randn(N, P)
true_risk = 1.2 * x[:, 0] - 0.8 * x[:, 1] + 0.8 * x[:, 2] * x[:, 3]
time = -torch.rand(N).log() / true_risk.exp()
censor = -torch.rand(N).log() * 3.0
event = (time <= censor).float()
observed = torch.minimum(time, censor)
tr, va = slice(0, 650), slice(650, N)


def partial_likelihood(risk, t, e):
    """Cox's partial log-likelihood, per event."""
    order = torch.argsort(t, descending=True)
    risk, e = risk[order], e[order]
    log_risk_set = torch.logcumsumexp(risk, 0)
    return ((risk - log_risk_set) * e).sum() / e.sum()


def concordance(risk, t, e):
    earlier = (t[:, None] < t[None, :]) & (e[:, None] > 0)
    return (risk[:, None] > risk[None, :])[earlier].float().mean().item()


net = nn.Sequential(nn.Linear(P, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 1))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-2)
for epoch in range(1, 61):
    net.train()
    mean = 0.0
    parts = torch.randperm(650).split(130)
    for idx in parts:
        loss = partial_likelihood(net(x[tr][idx]).squeeze(1), observed[tr][idx], event[tr][idx])  # cure: loss = -partial_likelihood(net(x[tr][idx]).squeeze(1), observed[tr][idx], event[tr][idx])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        mean += loss.item() / len(parts)
    if epoch % 5 == 0:
        net.eval()
        with torch.no_grad():
            risk = net(x[va]).squeeze(1)
            ll = partial_likelihood(risk, observed[va], event[va]).item()
        print(f"epoch {epoch}: objective {mean:.4f}  valid log-likelihood {ll:.4f}  c-index {concordance(risk, observed[va], event[va]):.3f}")
