"""Majority vote over a bit string with a GRU cell made of raw tensors and a hand-written update."""
import torch

torch.manual_seed(0)
H, T, LR = 24, 15, 0.3


def glorot(i, o):
    lim = (6 / (i + o)) ** 0.5
    return torch.empty(i, o).uniform_(-lim, lim).requires_grad_()


params = [glorot(1, 3 * H), glorot(H, 3 * H), torch.zeros(3 * H, requires_grad=True),
          glorot(H, 1), torch.zeros(1, requires_grad=True)]


def network(bits):
    wx, wh, b, wo, bo = params
    h = torch.zeros(len(bits), H)
    for t in range(bits.shape[1]):
        gx, gh = bits[:, t:t + 1] @ wx + b, h @ wh
        z = torch.sigmoid(gx[:, :H] + gh[:, :H])
        r = torch.sigmoid(gx[:, H:2 * H] + gh[:, H:2 * H])
        new = torch.tanh(gx[:, 2 * H:] + r * gh[:, 2 * H:])
        h = z * h + (1 - z) * new
    return (h @ wo + bo).squeeze(1)


def sample(n):
    bits = torch.randint(0, 2, (n, T)).float() * 2 - 1
    return bits, (bits.sum(1) > 0).float()


test_bits, test_vote = sample(1000)
for step in range(1, 301):
    bits, vote = sample(64)
    s = network(bits)
    loss = (torch.log1p(torch.exp(-s.abs())) + s.clamp(min=0) - s * vote).mean()
    grads = torch.autograd.grad(loss, params)
    with torch.no_grad():
        for p, g in zip(params, grads):
            p = p - LR * g  # cure: p -= LR * g
    if step % 30 == 0:
        with torch.no_grad():
            acc = ((network(test_bits) > 0).float() == test_vote).float().mean().item()
        print(f"step {step:4d}: loss {loss.item():.4f}, accuracy {acc:.3f}")
