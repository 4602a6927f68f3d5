"""Contextual bandit: a policy picks one of 6 ad slots from 8 context features; policy gradient on the revenue."""
import torch

torch.manual_seed(0)
n_ctx, n_arm = 8, 6
true = torch.randn(n_ctx, n_arm)


def revenue(ctx, arm):
    mean = (ctx @ true).gather(1, arm[:, None]).squeeze(1)
    return 400.0 + mean + 0.5 * torch.randn(len(ctx))


class Policy(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.body = torch.nn.Sequential(torch.nn.Linear(n_ctx, 32), torch.nn.Tanh(), torch.nn.Linear(32, n_arm))

    def forward(self, ctx):
        return torch.distributions.Categorical(logits=self.body(ctx))


policy = Policy()
opt = torch.optim.Adam(policy.parameters(), lr=2e-3)
test_ctx = torch.randn(2000, n_ctx)
best = (test_ctx @ true).max(1).values.mean().item()
average = 0.0

for step in range(1, 1501):
    ctx = torch.randn(16, n_ctx)
    dist = policy(ctx)
    arm = dist.sample()
    r = revenue(ctx, arm)
    average = r.mean().item() if step == 1 else 0.95 * average + 0.05 * r.mean().item()
    loss = -(dist.log_prob(arm) * r).mean()  # cure: loss = -(dist.log_prob(arm) * (r - average)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        with torch.no_grad():
            pick = policy(test_ctx).probs.argmax(1)
            gain = (test_ctx @ true).gather(1, pick[:, None]).mean().item()
        print(f"step {step}: running revenue {average:.2f}, gain of the greedy policy {gain:.3f} (best possible {best:.3f})")
