"""Next-character model with a GRU cell, trained on a few lines of verse; reports perplexity."""
import torch
from torch import nn

TEXT = """the rain came down on the roof of the barn and the wind went round the old stone wall
the boy sat down by the door of the barn and the dog lay still on the cold stone floor
the wind went out and the rain came in and the boy went home by the old mill road
and the dog ran on to the end of the road where the light of the town lay low and still
""" * 3
vocab = sorted(set(TEXT))
ids = torch.tensor([vocab.index(c) for c in TEXT])
torch.manual_seed(0)


class CharModel(nn.Module):
    def __init__(self, hidden=96):
        super().__init__()
        self.embed = nn.Embedding(len(vocab), 24)
        self.cell = nn.GRUCell(24, hidden)
        self.head = nn.Linear(hidden, len(vocab))
        self.hidden = hidden

    def forward(self, seq):
        h = torch.zeros(seq.shape[0], self.hidden)
        outs = []
        for t in range(seq.shape[1]):
            h = self.cell(self.embed(seq[:, t]), h)
            outs.append(self.head(h))
        scores = torch.stack(outs, 1)
        return scores  # cure: return scores.log_softmax(-1)


model = CharModel()
criterion = nn.NLLLoss()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
window = 24
for step in range(1, 241):
    start = torch.randint(len(ids) - window - 1, (32,))
    chunk = torch.stack([ids[s:s + window + 1] for s in start])
    out = model(chunk[:, :-1])
    loss = criterion(out.reshape(-1, len(vocab)), chunk[:, 1:].reshape(-1))
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    opt.step()
    if step % 30 == 0:
        with torch.no_grad():
            p = out.softmax(-1).gather(-1, chunk[:, 1:, None])
            hit = (out.argmax(-1) == chunk[:, 1:]).float().mean().item()
            print(f"step {step}: loss {loss.item():.3f} perplexity {p.log().mean().neg().exp().item():.2f} hit rate {hit:.3f}")
