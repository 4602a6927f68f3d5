"""Learning to rank: order the dishes of a menu by appeal from table features (ListNet loss, one menu per step)."""
import torch
from torch import nn

torch.manual_seed(26)


def menus(n, size=8):
    x = torch.randn(n, size, 6)
    appeal = x[..., 0] - 0.8 * x[..., 1].abs() + 0.7 * x[..., 2] * x[..., 3] + 0.2 * torch.randn(n, size)
    mood = 3 * torch.randn(n, 1)            # guests' mood shifts all scores of a menu alike
    return x, appeal + mood


def listnet(score, target):
    return -(torch.softmax(target, -1) * torch.log_softmax(score, -1)).sum(-1).mean()


def kendall(score, target):
    s = (score[:, :, None] - score[:, None]).sign()
    t = (target[:, :, None] - target[:, None]).sign()
    return ((s * t).sum((1, 2)) / (8 * 7)).mean().item()


x, t = menus(700)
xv, tv = menus(300)
scorer = nn.Sequential(nn.Linear(6, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 1, bias=False))
floor = listnet(tv, tv).item()
opt = torch.optim.SGD(scorer.parameters(), lr=0.05, momentum=0.8)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, [4, 6], 0.3)
for epoch in range(8):
    run = 0.0
    for i in torch.randperm(len(x)).tolist():
        loss = listnet(scorer(x[i:i + 1]).squeeze(-1), t[i:i + 1])
        opt.zero_grad()
        loss.backward()
        opt.step()
        run += loss.item() / len(x)
    sched.step()
    with torch.no_grad():
        s = scorer(xv).squeeze(-1)
    print(f"epoch {epoch}: listnet {run:.4f} valid {listnet(s, tv).item():.4f} (lowest possible {floor:.4f}) tau {kendall(s, tv):.3f}")
