"""Evolution strategies on the wine data: the gradient of the loss is estimated from random perturbations
of the weights, no backpropagation."""
import numpy as np
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.func import functional_call, vmap
from torch.nn.utils import parameters_to_vector, vector_to_parameters

SIGMA, PAIRS, STEPS = 0.02, 8, 1200


class EvolutionStrategy:
    def __init__(self, model, lossf, sigma=SIGMA, pairs=PAIRS):
        self.model, self.lossf, self.sigma, self.pairs = model, lossf, sigma, pairs
        self.shapes = [(k, v.shape, v.numel()) for k, v in model.named_parameters()]

    def unpack(self, flat):
        parts = flat.split([n for _, _, n in self.shapes])
        return {k: p.view(s) for (k, s, _), p in zip(self.shapes, parts)}

    def fitness(self, population, x, y):
        return vmap(lambda w: self.lossf(functional_call(self.model, self.unpack(w), (x,)), y))(population)

    @torch.no_grad()
    def gradient(self, x, y):
        centre = parameters_to_vector(self.model.parameters())
        noise = torch.randn(2 * self.pairs, len(centre))
        # cure: noise[self.pairs:] = -noise[:self.pairs]
        scores = self.fitness(centre + self.sigma * noise, x, y)
        grad = (scores[:, None] * noise).mean(0) / self.sigma
        offset = 0
        for p in self.model.parameters():
            p.grad = grad[offset:offset + p.numel()].view_as(p).clone()
            offset += p.numel()
        return scores.mean().item()


torch.manual_seed(4)
X, y = load_wine(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.3, random_state=2, stratify=y)
sc = StandardScaler().fit(Xa)
Xa, Xb = torch.tensor(sc.transform(Xa)).float(), torch.tensor(sc.transform(Xb)).float()
ya, yb = torch.tensor(ya), torch.tensor(yb)
net = nn.Sequential(nn.Linear(13, 8), nn.Tanh(), nn.Linear(8, 3))
es = EvolutionStrategy(net, nn.functional.cross_entropy)
opt = torch.optim.Adam(net.parameters(), lr=0.005)
history = []
for step in range(1, STEPS + 1):
    history.append(es.gradient(Xa, ya))
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            out = net(Xb)
        print(f"step {step:4d} population loss {np.mean(history[-100:]):.4f} test loss "
              f"{nn.functional.cross_entropy(out, yb).item():.4f} accuracy {(out.argmax(1) == yb).float().mean().item():.3f}")
