"""Next-character model with a GRU on a small grammar of dates and times."""
import itertools
import random
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

random.seed(19)
torch.manual_seed(19)
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "mon tue wed thu fri sat sun".split()


def sentence():
    return (f"{random.choice(DAYS)} {random.randint(1, 28):02d} {random.choice(MONTHS)} at "
            f"{random.randint(0, 23):02d}:{random.choice(['00', '15', '30', '45'])}.")


lines = [sentence() for _ in range(2400)]
chars = sorted(set("".join(lines)))
code = {c: i for i, c in enumerate(chars)}
ids = torch.tensor([[code[c] for c in line] for line in lines])
train, valid = TensorDataset(ids[:2000, :-1], ids[:2000, 1:]), (ids[2000:, :-1], ids[2000:, 1:])
loader = DataLoader(train, batch_size=16)


class CharGRU(nn.Module):
    def __init__(self, vocab, dim=24, hidden=48):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.gru = nn.GRU(dim, hidden, batch_first=True)
        self.out = nn.Linear(hidden, vocab)

    def forward(self, x):
        return self.out(self.gru(self.embed(x))[0])


def nll(model, x, y):
    return nn.functional.cross_entropy(model(x).transpose(1, 2), y)


model = CharGRU(len(chars))
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
# cure: stream = itertools.cycle(loader)
for step in range(1, 501):
    x, y = next(itertools.cycle(loader))  # cure: x, y = next(stream)
    loss = nll(model, x, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        with torch.no_grad():
            print(f"step {step:4d}  train nll {loss.item():.3f}  valid nll {nll(model, *valid).item():.3f}")
