"""Remember the first symbol of a sequence: an LSTM reads 30 symbols and names the first one."""
import torch
from torch import nn

torch.manual_seed(3)
N_SYMBOLS, LENGTH, HIDDEN = 6, 30, 48


def batch(n):
    seq = torch.randint(0, N_SYMBOLS, (n, LENGTH))
    return seq, seq[:, 0]


class Recall(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(N_SYMBOLS, 16)
        self.lstm = nn.LSTM(16, HIDDEN, batch_first=True)
        self.out = nn.Linear(HIDDEN, N_SYMBOLS)
        # PyTorch keeps the gates in the order input, forget, cell, output
        with torch.no_grad():
            self.lstm.bias_ih_l0[HIDDEN:2 * HIDDEN].fill_(-2.0)  # cure: self.lstm.bias_ih_l0[HIDDEN:2 * HIDDEN].fill_(3.0)

    def forward(self, seq):
        _, (h, _) = self.lstm(self.embed(seq))
        return self.out(h[-1])


model = Recall()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
criterion = nn.CrossEntropyLoss()
running = 0.0
for step in range(1, 301):
    seq, first = batch(64)
    loss = criterion(model(seq), first)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    running += loss.item()
    if step % 30 == 0:
        with torch.no_grad():
            seq, first = batch(512)
            acc = (model(seq).argmax(1) == first).float().mean()
        print(f"step {step}: loss {running / 30:.4f}, fresh-batch accuracy {acc:.3f}")
        running = 0.0
