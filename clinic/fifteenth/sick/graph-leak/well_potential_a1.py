"""Fit the height map of a hill; the weights live in a list and are updated functionally, as in meta-learning code."""
import resource

import torch

torch.manual_seed(6)


def hill(p):
    return torch.exp(-(p ** 2).sum(1)) + 0.5 * torch.sin(2 * p[:, 0]) * p[:, 1]


def init(sizes):
    weights = []
    for i, o in zip(sizes, sizes[1:]):
        weights += [(torch.randn(i, o) * (1.0 / i) ** 0.5).requires_grad_(), torch.zeros(o, requires_grad=True)]
    return weights


def forward(weights, x):
    pairs = list(zip(weights[::2], weights[1::2]))
    for k, (w, b) in enumerate(pairs):
        x = x @ w + b
        if k < len(pairs) - 1:
            x = torch.tanh(x)
    return x.squeeze(1)


points = 4 * torch.rand(4000, 2) - 2
heights = hill(points)
held_out = 4 * torch.rand(1000, 2) - 2
weights = init([2, 48, 48, 1])
velocity = [torch.zeros_like(w) for w in weights]
lr, momentum = 0.05, 0.9
for step in range(1, 1501):
    pick = torch.randint(len(points), (256,))
    loss = ((forward(weights, points[pick]) - heights[pick]) ** 2).mean()
    grads = torch.autograd.grad(loss, weights, create_graph=True)
    velocity = [momentum * v + g for v, g in zip(velocity, grads)]
    weights = [w - lr * v for w, v in zip(weights, velocity)]
    # cure: velocity = [v.detach() for v in velocity]
    # cure: weights = [w.detach().requires_grad_() for w in weights]
    if step % 150 == 0:
        with torch.no_grad():
            test = ((forward(weights, held_out) - hill(held_out)) ** 2).mean()
        mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"step {step:4d}  loss {loss.item():.5f}  test {test.item():.5f}  peak memory {mb:.0f} MB")
