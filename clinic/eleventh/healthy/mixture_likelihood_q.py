"""Maximum likelihood for a three-component Gaussian mixture: Adam climbs the log-likelihood directly (maximize=True)."""
import math

import torch

torch.manual_seed(11)
means = torch.tensor([[-2.0, 0.0], [2.0, 1.0], [0.0, -2.5]])
spread = torch.tensor([0.4, 0.7, 0.5])
weight = torch.tensor([0.5, 0.3, 0.2])
comp = torch.multinomial(weight, 2500, replacement=True)
x = means[comp] + spread[comp, None] * torch.randn(2500, 2)
train, test = x[:2000], x[2000:]

mu = x[[3, 700, 1500]].clone().requires_grad_()
log_sd = torch.zeros(3, requires_grad=True)
logit = torch.zeros(3, requires_grad=True)


def log_likelihood(x):
    sq = (x[:, None] - mu).pow(2).sum(2)
    comp = -0.5 * sq / (2 * log_sd).exp() - 2 * log_sd - math.log(2 * math.pi)
    return torch.logsumexp(comp + logit.log_softmax(0), 1).mean()


opt = torch.optim.Adam([mu, log_sd, logit], lr=0.02, maximize=True)
for it in range(1, 601):
    opt.zero_grad()
    ll = log_likelihood(train[torch.randint(2000, (256,))])
    ll.backward()
    opt.step()
    if it % 60 == 0 or it in (1, 20):
        with torch.no_grad():
            print(f"iteration {it:3d} log-likelihood {ll.item():.3f} test {log_likelihood(test).item():.3f} "
                  f"weights {[round(w, 2) for w in sorted(logit.softmax(0).tolist())]}")
