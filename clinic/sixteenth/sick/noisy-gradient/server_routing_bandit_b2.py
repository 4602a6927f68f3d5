"""Route requests to the fastest of six servers: contextual bandit, policy gradient on the measured latency."""
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(6)
SERVERS, FEATURES = 6, 8
affinity = torch.randn(FEATURES, SERVERS)


def latency(x):
    """Expected latency in units of 10 ms for every server."""
    return 9.0 + torch.tanh(x @ affinity / 2)


class Router(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(FEATURES, 32), nn.ReLU(), nn.Linear(32, SERVERS))

    def forward(self, x):
        return Categorical(logits=self.net(x))


@torch.no_grad()
def regret(router, x):
    table = latency(x)
    chosen = table.gather(1, router(x).probs.argmax(1, keepdim=True)).squeeze(1)
    return (chosen - table.min(1).values).mean().item()


router = Router()
optimizer = torch.optim.Adam(router.parameters(), lr=3e-3)
test_x = torch.randn(2000, FEATURES)
print(f"before: regret {regret(router, test_x):.3f}")
for update in range(1, 1501):
    x = torch.randn(64, FEATURES)
    policy = router(x)
    server = policy.sample()
    measured = latency(x).gather(1, server[:, None]).squeeze(1) + 0.3 * torch.randn(64)
    reward = -measured
    loss = -(policy.log_prob(server) * reward).mean()  # cure: loss = -(policy.log_prob(server) * (reward - reward.mean())).mean()
    loss = loss - 0.01 * policy.entropy().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if update % 150 == 0:
        size = sum(p.grad.square().sum() for p in router.parameters()).sqrt()
        print(f"update {update:4d}  loss {loss.item():8.3f}  gradient {size:.2f}  latency {measured.mean():.3f}  regret {regret(router, test_x):.3f}")
