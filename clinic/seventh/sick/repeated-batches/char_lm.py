"""Character language model (LSTM) on a nursery text; prints bits per character on the last verses."""
import math
import torch
from torch import nn

VERSE = ("this is the {0} that lay in the house that jack built. the {0} was seen by the {1}, and the {1} ran from the {2}. "
         "then came the {2} and the {0} to the farm of the {3}, where the {3} sold {4} corn to the {1}. ")
WHO = "cat rat dog cow cock maid priest farmer horse hound malt fox hen goose".split()
COLOUR = "yellow golden old fresh sweet".split()


def write_text(n, gen):
    pick = lambda words: words[torch.randint(len(words), (1,), generator=gen).item()]
    return "".join(VERSE.format(pick(WHO), pick(WHO), pick(WHO), pick(WHO), pick(COLOUR)) for _ in range(n))


torch.manual_seed(33)
gen = torch.Generator().manual_seed(33)
text = write_text(120, gen)
chars = sorted(set(text))
stoi = {c: i for i, c in enumerate(chars)}
ids = torch.tensor([stoi[c] for c in text])
cut = int(0.9 * len(ids))
train_ids, valid_ids = ids[:cut], ids[cut:]


class CharLM(nn.Module):
    def __init__(self, vocab, hidden=64):
        super().__init__()
        self.emb = nn.Embedding(vocab, 24)
        self.lstm = nn.LSTM(24, hidden, batch_first=True)
        self.out = nn.Linear(hidden, vocab)

    def forward(self, x):
        return self.out(self.lstm(self.emb(x))[0])


def batch(source, step, size=16, span=40):
    n_windows = (len(source) - 1) // span
    first = (step % 1) * size  # cure: first = torch.randint(n_windows - size, (1,), generator=gen).item()
    starts = (first + torch.arange(size)) * span
    rows = starts[:, None] + torch.arange(span + 1)
    return source[rows][:, :-1], source[rows][:, 1:]


model = CharLM(len(chars))
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
ce = nn.CrossEntropyLoss()
n = (len(valid_ids) - 1) // 40 * 40
vx, vy = valid_ids[:n].view(-1, 40), valid_ids[1:n + 1].view(-1, 40)
for step in range(300):
    x, y = batch(train_ids, step)
    loss = ce(model(x).transpose(1, 2), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    if step % 30 == 29:
        with torch.no_grad():
            bits = ce(model(vx).transpose(1, 2), vy).item() / math.log(2)
        print(f"step {step + 1} loss {loss.item():.3f} held-out bits per char {bits:.3f}")
