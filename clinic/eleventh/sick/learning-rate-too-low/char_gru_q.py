"""Character model of a nursery rhyme: a GRU predicts the next letter."""
import torch
import torch.nn as nn
import torch.nn.functional as F

TEXT = """this is the farmer sowing his corn that kept the cock that crowed in the morn
that waked the priest all shaven and shorn that married the man all tattered and torn
that kissed the maiden all forlorn that milked the cow with the crumpled horn
that tossed the dog that worried the cat that killed the rat that ate the malt
that lay in the house that jack built """.replace("\n", " ") * 3
torch.manual_seed(0)
vocab = sorted(set(TEXT))
codes = torch.tensor([vocab.index(c) for c in TEXT])
SEQ = 32


class CharModel(nn.Module):
    def __init__(self, size, emb=16, hidden=64):
        super().__init__()
        self.emb = nn.Embedding(size, emb)
        self.gru = nn.GRU(emb, hidden, batch_first=True)
        self.out = nn.Linear(hidden, size)

    def forward(self, x):
        return self.out(self.gru(self.emb(x))[0])


model = CharModel(len(vocab))
optimizer = torch.optim.Adam(model.parameters(), lr=5e-6)  # cure: optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for step in range(1, 151):
    start = torch.randint(len(codes) - SEQ - 1, (16,))
    chunk = codes[start[:, None] + torch.arange(SEQ + 1)]
    logits = model(chunk[:, :-1])
    loss = F.cross_entropy(logits.reshape(-1, len(vocab)), chunk[:, 1:].reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 25 == 0:
        guess = logits.argmax(-1)
        print(f"step {step:4d}  bits/char {loss.item() / 0.6931:.3f}  next-letter accuracy "
              f"{(guess == chunk[:, 1:]).float().mean():.3f}")
