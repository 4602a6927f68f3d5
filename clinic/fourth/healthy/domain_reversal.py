"""Domain-adversarial training: a gradient-reversal layer hides which of two microphones recorded a tone."""
import torch
from torch import nn

torch.manual_seed(0)


class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad):
        return -ctx.strength * grad, None


def tones(n, mic):
    k = torch.randint(4, (n,))
    b = torch.arange(24.0)
    spec = torch.exp(-((b - 4 - 5 * k[:, None]) / 1.5) ** 2) * (1 + 0.3 * torch.randn(n, 1))
    colour = 0.6 * torch.sin(b / 4 + 2) if mic else 0.5 * torch.cos(b / 5)
    return spec + colour + 0.25 * torch.randn(n, 24), k


xs, ys = tones(1500, 0)
xu, _ = tones(1500, 1)
xt, yt = tones(1000, 1)
features = nn.Sequential(nn.Linear(24, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU())
label_head, domain_head = nn.Linear(16, 4), nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 1))
opt = torch.optim.Adam([*features.parameters(), *label_head.parameters(), *domain_head.parameters()], lr=1e-3)
ce, bce = nn.CrossEntropyLoss(), nn.BCEWithLogitsLoss()
steps = 600
for it in range(1, steps + 1):
    i, j = torch.randint(1500, (64,)), torch.randint(1500, (64,))
    f = features(torch.cat([xs[i], xu[j]]))
    strength = 0.15 * min(1.0, 2 * it / steps)
    domain = domain_head(Reverse.apply(f, strength)).squeeze(1)
    task = ce(label_head(f[:64]), ys[i])
    confusion = bce(domain, torch.cat([torch.zeros(64), torch.ones(64)]))
    opt.zero_grad()
    (task + confusion).backward()
    opt.step()
    if it % 60 == 0:
        with torch.no_grad():
            acc = (label_head(features(xt)).argmax(1) == yt).float().mean().item()
        print(f"{it:4d} task {task.item():.3f} domain {confusion.item():.3f} accuracy on the other microphone {acc:.3f}")
