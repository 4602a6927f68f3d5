"""Domain-adversarial training: a gradient reversal layer makes the features blind to the sensor that took the sample."""
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(8)


class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad):
        return -ctx.strength * grad, None  # the reversal is the point of the method


def samples(n, sensor):
    y = torch.randint(0, 3, (n,))
    means = torch.tensor([[0.0, 1.5], [1.3, -0.75], [-1.3, -0.75]])
    useful = means[y] + 0.5 * torch.randn(n, 2)
    nuisance = 1.0 * torch.randn(n, 2) + (0.7 if sensor else -0.7)
    return torch.cat([useful, nuisance, torch.randn(n, 4)], 1), y


xa, ya = samples(1500, 0)
xb, yb = samples(1500, 1)
xt, yt = samples(600, 1)
body = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 8))
labeller = nn.Linear(8, 3)
domain = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1), nn.Flatten(0))
opt = torch.optim.Adam([{"params": [*body.parameters(), *labeller.parameters()], "lr": 1e-3},
                        {"params": domain.parameters(), "lr": 3e-3}], betas=(0.5, 0.999))
EPOCHS = 30
for epoch in range(1, EPOCHS + 1):
    strength = 0.3 * min(1.0, epoch / 10)
    sums = torch.zeros(2)
    pa, pb = torch.randperm(1500).split(50), torch.randperm(1500).split(50)
    for ia, ib in zip(pa, pb):
        fa, fb = body(xa[ia]), body(xb[ib])
        class_loss = F.cross_entropy(labeller(fa), ya[ia])
        which = torch.cat([torch.zeros(50), torch.ones(50)])
        domain_loss = F.binary_cross_entropy_with_logits(domain(Reverse.apply(torch.cat([fa, fb]), strength)), which)
        opt.zero_grad()
        (class_loss + domain_loss).backward()
        opt.step()
        sums += torch.tensor([class_loss.item(), domain_loss.item()])
    if epoch % 3 == 0:
        with torch.no_grad():
            acc = (labeller(body(xt)).argmax(1) == yt).float().mean().item()
        c, d = (sums / len(pa)).tolist()
        print(f"epoch {epoch:2d}  class loss {c:.4f}  domain loss {d:.4f} (0.693 = blind)  accuracy on the new sensor {acc:.3f}")
