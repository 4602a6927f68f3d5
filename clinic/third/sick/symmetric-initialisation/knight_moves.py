"""Can a knight reach one square of the board from the other in at most two moves? A network of two hidden layers."""

import itertools

import torch
import torch.nn.functional as F

torch.manual_seed(107)
STEPS = [(a, b) for a, b in itertools.product((-2, -1, 1, 2), repeat=2) if abs(a) != abs(b)]
REACH = {(0, 0), *STEPS, *((a + c, b + d) for (a, b), (c, d) in itertools.product(STEPS, repeat=2))}


def pairs(n):
    squares = torch.randint(0, 8, (n, 4))
    gap = (squares[:, 2:] - squares[:, :2]).tolist()
    label = torch.tensor([float(tuple(g) in REACH) for g in gap])
    one_hot = F.one_hot(squares, 8).flatten(1).float()
    return one_hot * 2 - 0.25, label


def layer(inputs, outputs):
    weight = torch.full(
        (inputs, outputs), 0.5 / inputs
    )  # cure: weight = torch.randn(inputs, outputs) * (2 / inputs) ** 0.5
    return weight.requires_grad_(), torch.zeros(outputs, requires_grad=True)


params = [layer(32, 96), layer(96, 48), layer(48, 1)]


def network(x):
    for weight, bias in params[:-1]:
        x = torch.relu(x @ weight + bias)
    weight, bias = params[-1]
    return (x @ weight + bias)[:, 0]


optimizer = torch.optim.Adam([t for pair in params for t in pair], lr=2e-3)
test_x, test_y = pairs(1000)
for step in range(1, 1501):
    x, y = pairs(128)
    loss = F.binary_cross_entropy_with_logits(network(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 0:
        with torch.no_grad():
            right = ((network(test_x) > 0) == (test_y > 0)).float().mean().item()
        print(f"step {step:4d}  loss {loss.item():.3f}  test {right:.3f}")
