"""Tell which of six devices wrote a log line: its key stands among the first five of fifty tokens, the rest is filler."""
import torch
import torch.nn as nn

torch.manual_seed(3)
KEYS, FILLER, LENGTH, HIDDEN = 6, 20, 50, 48


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(KEYS + FILLER, 16)
        self.cell = nn.RNN(16, HIDDEN, batch_first=True)
        self.answer = nn.Linear(HIDDEN, KEYS)

    def forward(self, tokens):
        states, last = self.cell(self.embed(tokens))
        return self.answer(last[0])  # cure: return self.answer(states.amax(1))


def batch(n):
    tokens = torch.randint(KEYS, KEYS + FILLER, (n, LENGTH))
    key = torch.randint(0, KEYS, (n,))
    tokens[torch.arange(n), torch.randint(0, 5, (n,))] = key
    return tokens, key


model = Reader()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for step in range(1, 701):
    tokens, key = batch(64)
    loss = nn.functional.cross_entropy(model(tokens), key)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    if step % 100 == 0:
        with torch.no_grad():
            tokens, key = batch(500)
            accuracy = (model(tokens).argmax(1) == key).float().mean()
        print(f"step {step:4d}  loss {loss.item():.4f}  accuracy {accuracy:.3f}")
