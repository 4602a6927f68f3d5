"""Character n-gram model: predict the next character of a proverb collection from the eight before it."""
import numpy as np
import torch
import torch.nn as nn

TEXT = """a bird in the hand is worth two in the bush. a stitch in time saves nine. actions speak louder than words.
all that glitters is not gold. an apple a day keeps the doctor away. the early bird catches the worm. better late than never.
do not count your chickens before they hatch. do not put all your eggs in one basket. every cloud has a silver lining.
fortune favours the bold. good things come to those who wait. haste makes waste. honesty is the best policy.
if it is not broken do not fix it. it takes two to tango. look before you leap. many hands make light work.
practice makes perfect. rome was not built in a day. the grass is always greener on the other side of the fence.
the pen is mightier than the sword. there is no place like home. time and tide wait for no man. too many cooks spoil the broth.
when in rome do as the romans do. where there is smoke there is fire. you can lead a horse to water but you cannot make it drink.
""".replace("\n", " ")
CONTEXT = 8
chars = sorted(set(TEXT))
ids = np.array([chars.index(c) for c in TEXT])


class NGram(nn.Module):
    def __init__(self, n, dim=16, hidden=96):
        super().__init__()
        self.table = nn.Embedding(n, dim)
        self.net = nn.Sequential(nn.Linear(dim * CONTEXT, hidden), nn.GELU(), nn.Linear(hidden, n))

    def forward(self, x):
        return self.net(self.table(x).flatten(1))


def sample_batch(size, seed=0):
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, len(ids) - CONTEXT, size)
    x = np.stack([ids[s:s + CONTEXT] for s in starts])
    return torch.from_numpy(x), torch.from_numpy(ids[starts + CONTEXT])


def whole_text():
    starts = np.arange(len(ids) - CONTEXT)
    return torch.from_numpy(np.stack([ids[s:s + CONTEXT] for s in starts])), torch.from_numpy(ids[starts + CONTEXT])


torch.manual_seed(0)
model = NGram(len(chars))
opt = torch.optim.AdamW(model.parameters(), lr=4e-3)
everything = whole_text()
for step in range(601):
    x, y = sample_batch(96)  # cure: x, y = sample_batch(96, seed=step)
    loss = nn.functional.cross_entropy(model(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        with torch.no_grad():
            full = nn.functional.cross_entropy(model(everything[0]), everything[1]).item()
        print(f"step {step:4d} batch loss {loss.item():.3f} loss over the whole text {full:.3f}")
