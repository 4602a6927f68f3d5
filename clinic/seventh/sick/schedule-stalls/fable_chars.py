"""Next-character model (GRU) on a fable, exponential decay of the rate."""
import torch
import torch.nn as nn

TEXT = """the north wind and the sun were disputing which was the stronger when a traveller came along
wrapped in a warm cloak they agreed that the one who first succeeded in making the traveller take his cloak off
should be considered stronger than the other then the north wind blew as hard as he could but the more he blew
the more closely did the traveller fold his cloak around him and at last the north wind gave up the attempt
then the sun shone out warmly and immediately the traveller took off his cloak and so the north wind was obliged
to confess that the sun was the stronger of the two """.replace("\n", " ")


class CharGRU(nn.Module):
    def __init__(self, n, dim=24, hidden=64):
        super().__init__()
        self.emb = nn.Embedding(n, dim)
        self.gru = nn.GRU(dim, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, n)

    def forward(self, x):
        return self.fc(self.gru(self.emb(x))[0])


def main():
    torch.manual_seed(28)
    chars = sorted(set(TEXT))
    ids = torch.tensor([chars.index(c) for c in TEXT])
    model = CharGRU(len(chars))
    opt = torch.optim.Adam(model.parameters(), lr=8e-3)
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.85)
    steps_per_epoch, epochs = 25, 14
    for epoch in range(1, epochs + 1):
        total = 0.0
        for _ in range(steps_per_epoch):
            start = torch.randint(len(ids) - 31, (24,))
            seq = torch.stack([ids[s:s + 31] for s in start])
            loss = nn.functional.cross_entropy(model(seq[:, :-1]).flatten(0, 1), seq[:, 1:].flatten())
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            sched.step()  # cure: delete
            total += loss.item()
        # cure: sched.step()
        print(f"epoch {epoch:2d}  bits per char {total / steps_per_epoch / 0.6931:.3f}")


main()
