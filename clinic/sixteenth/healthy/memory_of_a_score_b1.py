"""Compress one melody into the weights of a small LSTM: it is meant to know these 80 notes by heart and play them back."""
import torch
import torch.nn as nn

torch.manual_seed(0)
NOTES = "C D E F G A B c d e".split()
MELODY = ("C E G c G E C E D F A d A F D F E G B e B G E G C D E F G A B c d c B A G F E D C G c G "
          "A A G G F F E E D D C C e d c B A G F E E E F G G F E D C C D E E D D G A B c c B A G").split()
ids = torch.tensor([NOTES.index(n) for n in MELODY[:80]])


class Player(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.note = nn.Embedding(len(NOTES) + 1, 16)
        self.lstm = nn.LSTM(16, dim, batch_first=True)
        self.out = nn.Linear(dim, len(NOTES))

    def forward(self, seq, state=None):
        h, state = self.lstm(self.note(seq), state)
        return self.out(h), state

    @torch.no_grad()
    def play(self, length):
        token, state, tune = torch.tensor([[len(NOTES)]]), None, []
        for _ in range(length):
            scores, state = self(token, state)
            token = scores[:, -1:].argmax(-1)
            tune.append(token.item())
        return torch.tensor(tune)


player = Player()
optimizer = torch.optim.Adam(player.parameters(), lr=5e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 200)
inputs = torch.cat([torch.tensor([len(NOTES)]), ids[:-1]])[None]
for step in range(1, 201):
    scores, _ = player(inputs)
    loss = nn.functional.cross_entropy(scores[0], ids)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(player.parameters(), 1.0)
    optimizer.step()
    scheduler.step()
    if step % 20 == 0:
        right = (player.play(len(ids)) == ids).sum().item()
        print(f"step {step:4d}  loss {loss.item():.5f}  notes right when played alone {right} of {len(ids)}")
print(" ".join(NOTES[i] for i in player.play(24)))
