"""Evolution strategies: a policy for a two-joint arm is improved from sampled perturbations alone."""
import torch
from torch import nn

torch.manual_seed(4)
SIGMA = 0.1
SAMPLES = 20
UPDATES = 400


def reach(targets, angles):
    """Ten points minus the squared distance between the arm's tip and the target."""
    a, b = angles[..., 0], angles[..., 0] + angles[..., 1]
    tip = torch.stack([a.cos() + b.cos(), a.sin() + b.sin()], dim=-1)
    return 10 - ((tip - targets) ** 2).sum(-1)


def draw_targets(n):
    radius, phi = 0.7 + 1.0 * torch.rand(n), 1.5 * torch.rand(n)
    return torch.stack([radius * phi.cos(), radius * phi.sin()], dim=1)


policy = nn.Sequential(nn.Linear(2, 12), nn.Tanh(), nn.Linear(12, 2))
params = list(policy.parameters())
flat = nn.utils.parameters_to_vector(params).detach()
optimizer = torch.optim.Adam(params, lr=0.02)
exam = draw_targets(500)


@torch.no_grad()
def reward(vector, targets):
    nn.utils.vector_to_parameters(vector, params)
    return reach(targets, policy(targets)).mean()


for update in range(1, UPDATES + 1):
    theta = nn.utils.parameters_to_vector(params).detach()
    targets = draw_targets(16)
    estimate = torch.zeros_like(theta)
    for _ in range(SAMPLES):
        noise = torch.randn_like(theta)
        plus = reward(theta + SIGMA * noise, targets)
        # cure: minus = reward(theta - SIGMA * noise, targets)
        estimate += plus / SIGMA * noise / SAMPLES  # cure: estimate += (plus - minus) / (2 * SIGMA) * noise / SAMPLES
    nn.utils.vector_to_parameters(theta, params)
    offset = 0
    for p in params:
        p.grad = -estimate[offset:offset + p.numel()].view_as(p).clone()
        offset += p.numel()
    optimizer.step()
    if update % 40 == 0:
        with torch.no_grad():
            score = reach(exam, policy(exam)).mean().item()
        print(f"update {update:4d}  reward on the exam targets {score:.4f}")
