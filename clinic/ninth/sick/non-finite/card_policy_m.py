"""Policy for a small card game: imitates the legal best move, with an entropy bonus to keep it exploring."""
import torch
import torch.nn as nn


class Game:
    """Five cards in hand; a card may be played if its suit matches; the best legal card is the highest one."""

    def __init__(self, seed):
        self.g = torch.Generator().manual_seed(seed)

    def deal(self, n):
        rank = torch.randint(2, 15, (n, 5), generator=self.g).float()
        suit = torch.randint(0, 3, (n, 5), generator=self.g)
        lead = torch.randint(0, 3, (n, 1), generator=self.g)
        legal = suit == lead
        legal[:, 0] |= ~legal.any(1)
        obs = torch.cat([(rank - 8) / 4, nn.functional.one_hot(suit, 3).flatten(1).float(),
                         nn.functional.one_hot(lead[:, 0], 3).float()], 1)
        best = rank.masked_fill(~legal, -1).argmax(1)
        return obs, legal, best


class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(23, 64), nn.Tanh(), nn.Linear(64, 5))

    def forward(self, obs, legal):
        return self.body(obs).masked_fill(~legal, float("-inf")).softmax(1)


torch.manual_seed(21)
game, agent = Game(5), Agent()
opt = torch.optim.Adam(agent.parameters(), lr=4e-3)
for it in range(601):
    obs, legal, best = game.deal(128)
    p = agent(obs, legal)
    imitate = -p.gather(1, best[:, None]).clamp(min=1e-8).log().mean()
    entropy = -(p * p.log()).sum(1).mean()  # cure: entropy = -(p * (p + 1e-8).log()).sum(1).mean()
    loss = imitate - 0.01 * entropy
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 50 == 0:
        hit = (p.argmax(1) == best).float().mean()
        print(f"{it:4d} imitation {imitate.item():.4f} entropy {entropy.item():.4f} best-move rate {hit:.3f}")
