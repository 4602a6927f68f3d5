"""Domain-adversarial training: labelled digits, unlabelled distorted digits.  A gradient reversal layer makes the
features uninformative of the domain, so the domain loss is held up against its own optimizer."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn


class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad):
        return -ctx.strength * grad, None


torch.manual_seed(10)
bunch = load_digits()
x, y = torch.tensor(bunch.data, dtype=torch.float32) / 8 - 1, torch.tensor(bunch.target)
order = torch.randperm(len(x))
src_x, src_y = x[order[:800]], y[order[:800]]
mix = 0.15 * torch.randn(64, 64)


def shift(a):
    return 0.7 * a + 0.25 * (a @ mix) + 0.3


tgt_x, (test_x, test_y) = shift(x[order[800:1500]]), (shift(x[order[1500:]]), y[order[1500:]])
body = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU())
classifier, critic = nn.Linear(32, 10), nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam([*body.parameters(), *classifier.parameters(), *critic.parameters()], lr=1e-3)
EPOCHS = 30
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, EPOCHS)
for epoch in range(EPOCHS):
    strength = min(1.0, 2 * epoch / EPOCHS)
    task_sum = domain_sum = 0.0
    for rows in torch.randperm(800).split(80):
        other = torch.randint(len(tgt_x), (80,))
        fs, ft = body(src_x[rows]), body(tgt_x[other])
        task = F.cross_entropy(classifier(fs), src_y[rows])
        logit = critic(Reverse.apply(torch.cat([fs, ft]), 0.2 * strength)).squeeze(1)
        domain = F.binary_cross_entropy_with_logits(logit, torch.cat([torch.ones(80), torch.zeros(80)]))
        opt.zero_grad()
        (task + domain).backward()
        opt.step()
        task_sum, domain_sum = task_sum + task.item() / 10, domain_sum + domain.item() / 10
    sched.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            acc = (classifier(body(test_x)).argmax(1) == test_y).float().mean()
        print(f"epoch {epoch + 1:2d} task {task_sum:.3f} domain {domain_sum:.3f} accuracy in the new domain {acc:.3f}")
