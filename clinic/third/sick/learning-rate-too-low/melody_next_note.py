"""Learns to continue folk melodies: the next note from those before, with an LSTM."""

import torch
import torch.nn as nn

NOTES = "cdefgabCDE-"
TUNES = """cdefg-g-aaaag-aaaag-ffffe-e-ggggc- cdecdec-efg-efg-gagfec-gagfec- eeefgg-fedccde-edd-eeefggfedccdedcc-
ggabCba-gfedc-ddefgfe-dcdec- ccggaag-ffeeddc-ggffeed-ggffeed-ccggaag-ffeeddc- cegC-Cgec-dfaD-Dafd-egb-bge-c
gegeg-fdfdf-egc-gfedc- CbagfedcC-cdefgabC- edcdeee-ddd-egg-edcdeee-ddedc-""".split()


def excerpts(n, length, generator):
    """Random pieces of the tunes, joined one behind the other."""
    line = torch.tensor([NOTES.index(c) for c in "".join(TUNES * 3)])
    starts = torch.randint(len(line) - length - 1, (n,), generator=generator)
    pieces = line[starts[:, None] + torch.arange(length + 1)]
    return pieces[:, :-1], pieces[:, 1:]


class Melody(nn.Module):
    def __init__(self, hidden=40):
        super().__init__()
        self.embed = nn.Embedding(len(NOTES), 16)
        self.lstm = nn.LSTM(16, hidden, batch_first=True)
        self.next = nn.Linear(hidden, len(NOTES))

    def forward(self, notes):
        return self.next(self.lstm(self.embed(notes))[0])


def main(lr=3e-6):  # cure: def main(lr=3e-3):
    torch.manual_seed(97)
    generator = torch.Generator().manual_seed(97)
    model = Melody()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for step in range(1, 401):
        x, y = excerpts(32, 20, generator)
        loss = nn.functional.cross_entropy(model(x).flatten(0, 1), y.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 40 == 0:
            print(f"step {step:3d}  loss {loss.item():.3f}  perplexity {loss.exp().item():.2f}")


if __name__ == "__main__":
    main()
