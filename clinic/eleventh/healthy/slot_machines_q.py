"""Policy gradient with a moving-average baseline on a ten-armed bandit whose payouts are very noisy."""
import torch

torch.manual_seed(4)
ARMS, BATCH = 10, 64
payout = torch.linspace(-1, 1, ARMS)[torch.randperm(ARMS)]
preference = torch.zeros(ARMS, requires_grad=True)
opt = torch.optim.Adam([preference], lr=0.02)
baseline, trace = 0.0, []
print(f"best arm {payout.argmax().item()} pays {payout.max():.2f} on average")
for step in range(1, 1001):
    dist = torch.distributions.Categorical(logits=preference)
    arm = dist.sample((BATCH,))
    reward = 20 + payout[arm] + 2.0 * torch.randn(BATCH)
    if step == 1:
        baseline = reward.mean().item()
    loss = -(dist.log_prob(arm) * (reward - baseline)).mean() - 0.01 * dist.entropy()
    opt.zero_grad()
    loss.backward()
    opt.step()
    baseline = 0.9 * baseline + 0.1 * reward.mean().item()
    trace.append(payout[arm].mean().item())
    if step % 100 == 0:
        print(f"step {step:4d} loss {loss.item():+.3f} expected payout {sum(trace[-100:]) / 100:.3f} "
              f"P(best) {preference.softmax(0)[payout.argmax()].item():.3f}")
