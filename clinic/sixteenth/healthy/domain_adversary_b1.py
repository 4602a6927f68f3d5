"""Domain-adversarial training: a reversed gradient makes the features of two laboratories alike."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(5)


class Reverse(torch.autograd.Function):
    """Identity whose gradient is turned round on purpose (Ganin & Lempitsky)."""
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad):
        return -ctx.strength * grad, None


signal = torch.randn(3, 10)


def laboratory(n, shift):
    label = torch.randint(0, 3, (n,))
    x = signal[label] + 0.8 * torch.randn(n, 10)
    x = torch.cat([x, torch.randn(n, 5)], 1)
    x[:, 7:] += shift
    return x, label


xs, ys = laboratory(1500, 0.0)
xt, _ = laboratory(1500, 1.5)
xe, ye = laboratory(600, 1.5)
mean, std = torch.cat([xs, xt]).mean(0), torch.cat([xs, xt]).std(0)
xs, xt, xe = (xs - mean) / std, (xt - mean) / std, (xe - mean) / std
features = nn.Sequential(nn.Linear(15, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU())
classify, domain = nn.Linear(16, 3), nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam([{"params": [*features.parameters(), *classify.parameters()]},
                        {"params": domain.parameters(), "lr": 5e-3}], lr=1e-3, weight_decay=1e-4)
side = torch.cat([torch.zeros(50), torch.ones(50)])
epochs = 20
for epoch in range(epochs):
    strength = 0.15 * min(1.0, 2 * epoch / epochs)
    sums = [0.0, 0.0]
    for i, j in zip(torch.randperm(1500).split(50), torch.randperm(1500).split(50)):
        h = features(torch.cat([xs[i], xt[j]]))
        task = F.cross_entropy(classify(h[:50]), ys[i])
        adversary = F.binary_cross_entropy_with_logits(domain(Reverse.apply(h, strength)).squeeze(1), side)
        opt.zero_grad()
        (task + adversary).backward()
        opt.step()
        sums = [sums[0] + task.item() / 30, sums[1] + adversary.item() / 30]
    with torch.no_grad():
        acc = (classify(features(xe)).argmax(1) == ye).float().mean()
    print(f"epoch {epoch + 1:2d} task {sums[0]:.4f} domain {sums[1]:.4f} (0.693 = alike) other laboratory {acc:.3f}")
