"""Contextual bandit on the wine data: choose one of three cellars, a score between 0 and 100 comes back."""
import torch
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from torch import nn

torch.manual_seed(2)
X, y = load_wine(return_X_y=True)
X = torch.tensor(StandardScaler().fit_transform(X), dtype=torch.float32)
y = torch.tensor(y)

policy = nn.Sequential(nn.Linear(13, 16), nn.Tanh(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(policy.parameters(), lr=0.02)
history = []
for step in range(1, 3001):
    i = torch.randint(len(X), (16,))
    choice = torch.distributions.Categorical(logits=policy(X[i]))
    action = choice.sample()
    score = 60.0 + 4.0 * (action == y[i]).float() + torch.randn(16)
    advantage = score  # cure: advantage = score - score.mean()
    loss = -(choice.log_prob(action) * advantage).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    history.append(score.mean().item())
    if step % 300 == 0:
        with torch.no_grad():
            best = (policy(X).argmax(1) == y).float().mean()
        print(f"step {step}: mean score {sum(history[-300:]) / 300:.2f}, greedy choice right {best:.3f}")
