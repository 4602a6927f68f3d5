"""Recall the first symbol of a sequence after eighteen distracting ones: recurrent network, last state is read out."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(71)
SYMBOLS, LENGTH, HIDDEN = 4, 18, 48


def sequences(n):
    first = torch.randint(SYMBOLS, (n,))
    rest = torch.randint(SYMBOLS, SYMBOLS * 2, (n, LENGTH))
    return torch.cat([first[:, None], rest], 1), first


class Recall(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(2 * SYMBOLS, 16)
        self.rnn = nn.RNN(16, HIDDEN, batch_first=True)  # cure: self.rnn = nn.GRU(16, HIDDEN, batch_first=True)
        self.fc = nn.Linear(HIDDEN, SYMBOLS)

    def forward(self, s):
        out, _ = self.rnn(self.embed(s))
        return self.fc(out[:, -1])


model = Recall()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
test_s, test_y = sequences(800)
for step in range(1, 701):
    s, y = sequences(64)
    loss = F.cross_entropy(model(s), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    if step % 70 == 0:
        model.eval()
        with torch.no_grad():
            out = model(test_s)
        model.train()
        table = model.embed.weight.grad.norm(dim=1)
        print(f"step {step:4d} loss {loss.item():.4f} test loss {F.cross_entropy(out, test_y):.4f} accuracy {(out.argmax(1) == test_y).float().mean():.3f} "
              f"gradient of first symbols {table[:SYMBOLS].mean():.1e} of the others {table[SYMBOLS:].mean():.1e}")
