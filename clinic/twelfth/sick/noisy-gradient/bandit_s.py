"""Contextual bandit: a softmax policy learns by REINFORCE which of four offers suits a customer."""
import torch
from torch import nn
from torch.distributions import Categorical


class Shop:
    """Revenue of an offer: a basket of about 50 plus a bonus of up to 3 when the offer suits."""

    def __init__(self, seed):
        self.g = torch.Generator().manual_seed(seed)
        self.taste = torch.randn(5, 4, generator=self.g)

    def customers(self, n):
        return torch.randn(n, 5, generator=self.g)

    def revenue(self, customer, offer):
        best = (customer @ self.taste).argmax(1)
        noise = torch.randn(len(offer), generator=self.g)
        return 50.0 + 3.0 * (offer == best).float() + noise


def main():
    torch.manual_seed(0)
    shop = Shop(5)
    policy = nn.Sequential(nn.Linear(5, 32), nn.Tanh(), nn.Linear(32, 4))
    optimizer = torch.optim.Adam(policy.parameters(), lr=3e-3)
    test = shop.customers(2000)
    best = (test @ shop.taste).argmax(1)
    income = 0.0
    for it in range(1, 1501):
        customer = shop.customers(32)
        dist = Categorical(logits=policy(customer))
        offer = dist.sample()
        reward = shop.revenue(customer, offer)
        advantage = reward  # cure: advantage = reward - reward.mean()
        loss = -(advantage * dist.log_prob(offer)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        income += reward.mean().item() / 150
        if it % 150 == 0:
            with torch.no_grad():
                suited = (policy(test).argmax(1) == best).float().mean().item()
            print(f"iteration {it}: mean revenue {income:.2f}, suitable offers {suited:.3f}")
            income = 0.0


if __name__ == "__main__":
    main()
