"""Height map z(x, y) of a hilly terrain from scattered survey points, with a compact network of tensors."""
import torch
from torch.optim.lr_scheduler import OneCycleLR

torch.manual_seed(2)
hidden = 2  # cure: hidden = 64
centres = torch.rand(12, 2) * 2 - 1
heights = torch.randn(12)


def terrain(p):
    d2 = ((p[:, None] - centres) ** 2).sum(-1)
    return (heights * torch.exp(-d2 / 0.08)).sum(1, keepdim=True)


survey = torch.rand(4000, 2) * 2 - 1
z = terrain(survey)
scale = z.std()
z = z / scale + 0.05 * torch.randn(len(z), 1)
check = torch.rand(1500, 2) * 2 - 1
z_check = terrain(check) / scale

weights = [torch.randn(2, hidden) * 1.5, torch.randn(hidden), torch.randn(hidden, hidden) / hidden ** 0.5,
           torch.zeros(hidden), torch.randn(hidden, 1) / hidden ** 0.5, torch.zeros(1)]
weights = [w.requires_grad_() for w in weights]


def f(p):
    a, b, c, d, e, g = weights
    return torch.tanh(torch.tanh((p * 1.7) @ a + b) @ c + d) @ e + g


epochs, batch = 40, 100
opt = torch.optim.Adam(weights)
sched = OneCycleLR(opt, max_lr=0.01, total_steps=epochs * len(survey) // batch)
for epoch in range(1, epochs + 1):
    total = 0.0
    for idx in torch.randperm(len(survey)).split(batch):
        loss = (f(survey[idx]) - z[idx]).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        total += loss.item() * batch / len(survey)
    if epoch % 4 == 0:
        with torch.no_grad():
            rmse = (f(check) - z_check).pow(2).mean().sqrt().item()
        print(f"epoch {epoch:2d}: fit {total:.4f}, check rmse {rmse:.4f} (data sd 1)")
