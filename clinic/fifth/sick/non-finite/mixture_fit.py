"""Fit a diagonal Gaussian mixture to the digits by gradient descent on the likelihood, then look at cluster purity."""
import math
import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA


class Mixture(torch.nn.Module):
    def __init__(self, k, centres):
        super().__init__()
        self.mu = torch.nn.Parameter(centres.clone())
        self.log_sigma = torch.nn.Parameter(torch.zeros_like(centres))
        self.logit_pi = torch.nn.Parameter(torch.zeros(k))

    def component_log_prob(self, x):
        z = (x[:, None] - self.mu) / self.log_sigma.exp()
        log_n = -0.5 * (z ** 2 + math.log(2 * math.pi)).sum(-1) - self.log_sigma.sum(-1)
        return log_n + self.logit_pi.log_softmax(0)

    def nll(self, x):
        joint = self.component_log_prob(x)
        return -joint.exp().sum(1).log().mean()  # cure: return -torch.logsumexp(joint, 1).mean()


def purity(assign, labels):
    hits = sum(np.bincount(labels[assign == k]).max() for k in np.unique(assign))
    return hits / len(labels)


def run():
    torch.manual_seed(7)
    raw, labels = load_digits(return_X_y=True)
    z = PCA(30, random_state=0).fit_transform(raw)
    x = torch.tensor(z / z.std(0), dtype=torch.float32)
    x = x * torch.linspace(2.0, 0.7, 30)
    model = Mixture(20, x[torch.randperm(len(x))[:20]])
    opt = torch.optim.Adam(model.parameters(), lr=0.02)
    for epoch in range(30):
        total = 0.0
        for batch in x[torch.randperm(len(x))].split(200):
            loss = model.nll(batch)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(batch)
        if epoch % 3 == 2:
            with torch.no_grad():
                assign = model.component_log_prob(x).argmax(1).numpy()
            print(f"epoch {epoch + 1:2d}  nll {total / len(x):.3f}  purity {purity(assign, labels):.3f}")


run()
