"""Domain-adversarial training: the features shall tell the class but not the domain (the gradient is reversed on purpose)."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(41)


class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad):
        return -ctx.strength * grad, None


centres = torch.randn(4, 10) * 1.3
shift = torch.cat([torch.zeros(10), torch.full((4,), 2.0)])


def draw(n, domain):
    y = torch.randint(4, (n,))
    x = torch.cat([centres[y] + torch.randn(n, 10), torch.randn(n, 4)], 1)
    return x + shift * (1 if domain else -1) * 0.5, y


xs, ys = draw(2000, 0)
xt, _ = draw(2000, 1)
x_check, y_check = draw(1000, 1)
scale = torch.cat([xs, xt]).std(0)
xs, xt, x_check = xs / scale, xt / scale, x_check / scale
features = nn.Sequential(nn.Linear(14, 48), nn.ReLU(), nn.Linear(48, 24), nn.ReLU())
classify, discriminate = nn.Linear(24, 4), nn.Sequential(nn.Linear(24, 24), nn.ReLU(), nn.Linear(24, 1))
opt = torch.optim.Adam([*features.parameters(), *classify.parameters(), *discriminate.parameters()], lr=5e-4, betas=(0.5, 0.999), weight_decay=1e-3)
STEPS = 2400
seen = []
for step in range(1, STEPS + 1):
    strength = 0.1 * min(1.0, 2 * step / STEPS)
    i, j = torch.randint(2000, (64,)), torch.randint(2000, (64,))
    fs, ft = features(xs[i]), features(xt[j])
    class_loss = F.cross_entropy(classify(fs), ys[i])
    domain = discriminate(Reverse.apply(torch.cat([fs, ft]), strength)).squeeze(1)
    domain_loss = F.binary_cross_entropy_with_logits(domain, torch.cat([torch.zeros(64), torch.ones(64)]))
    opt.zero_grad()
    (class_loss + domain_loss).backward()
    opt.step()
    seen.append((class_loss.item(), domain_loss.item()))
    if step % 240 == 0:
        a, b = torch.tensor(seen[-240:]).mean(0).tolist()
        with torch.no_grad():
            acc = (classify(features(x_check)).argmax(1) == y_check).float().mean().item()
        print(f"step {step:4d}  class loss {a:.3f}  domain loss {b:.3f} (0.69 = indistinguishable)  target acc {acc:.3f}")
