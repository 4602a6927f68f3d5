"""Character-level GRU on a few lines of rhyme: predict the next character."""
import argparse
import torch
from torch import nn

TEXT = """the wheels on the bus go round and round, round and round, round and round.
the wipers on the bus go swish swish swish, swish swish swish, swish swish swish.
the people on the bus go up and down, up and down, up and down.
the horn on the bus goes beep beep beep, all day long, all through the town.
""" * 12 + "are we there yet? no, not for a while.\n"


def vocabulary(text):
    letters = sorted({c for c in text if c.isalpha()})
    return letters + [" ", ",", ".", "\n"]  # cure: return letters + [" ", ",", ".", "\n", "?"]


class CharGRU(nn.Module):
    def __init__(self, n, hidden):
        super().__init__()
        self.inp = nn.Linear(n, hidden)
        self.gru = nn.GRU(hidden, hidden, batch_first=True)
        self.out = nn.Linear(hidden, n)

    def forward(self, x):
        return self.out(self.gru(self.inp(x))[0])


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--hidden", type=int, default=48)
    p.add_argument("--steps", type=int, default=250)
    p.add_argument("--window", type=int, default=40)
    a = p.parse_args()
    torch.manual_seed(6)
    chars = vocabulary(TEXT)
    where = {c: i for i, c in enumerate(chars)}
    codes = torch.tensor([where.get(c, len(chars)) for c in TEXT])
    eye = torch.eye(len(chars) + 1)[:, :len(chars)]
    model = CharGRU(len(chars), a.hidden)
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    loss_fn = nn.CrossEntropyLoss()
    for step in range(1, a.steps + 1):
        start = torch.randint(0, len(codes) - a.window - 1, (24,))
        win = codes[start[:, None] + torch.arange(a.window + 1)]
        logits = model(eye[win[:, :-1]])
        loss = loss_fn(logits.flatten(0, 1), win[:, 1:].flatten())
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        if step % 10 == 0 or step == 1:
            print(f"step {step} loss {loss.item():.3f}", flush=True)


main()
