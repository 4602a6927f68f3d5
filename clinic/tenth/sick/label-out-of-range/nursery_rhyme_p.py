"""Character model (LSTM) of a few nursery rhymes; index 0 is kept for padding."""
import torch
import torch.nn as nn

TEXT = """humpty dumpty sat on a wall, humpty dumpty had a great fall.
all the king's horses and all the king's men couldn't put humpty together again.
jack and jill went up the hill to fetch a pail of water.
jack fell down and broke his crown and jill came tumbling after.
hey diddle diddle, the cat and the fiddle, the cow jumped over the moon.
the little dog laughed to see such fun and the dish ran away with the spoon.
zip the fox. """ * 3

chars = sorted(set(TEXT))
stoi = {c: i + 1 for i, c in enumerate(chars)}
n_chars = len(chars)  # cure: n_chars = len(chars) + 1
ids = torch.tensor([stoi[c] for c in TEXT])


class CharModel(nn.Module):
    def __init__(self, n, emb=24, hidden=96):
        super().__init__()
        self.emb = nn.Embedding(n + 1, emb, padding_idx=0)
        self.rnn = nn.LSTM(emb, hidden, batch_first=True)
        self.out = nn.Linear(hidden, n)

    def forward(self, x):
        h, _ = self.rnn(self.emb(x))
        return self.out(h)


torch.manual_seed(6)
model = CharModel(n_chars)
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
loss_fn = nn.CrossEntropyLoss(ignore_index=0)
SEQ, BATCH = 40, 24
for step in range(1, 151):
    at = torch.randint(0, len(ids) - SEQ - 1, (BATCH,))
    x = torch.stack([ids[a:a + SEQ] for a in at])
    y = torch.stack([ids[a + 1:a + SEQ + 1] for a in at])
    logits = model(x)
    loss = loss_fn(logits.reshape(-1, logits.size(-1)), y.reshape(-1))
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    if step % 25 == 0:
        acc = (logits.argmax(-1) == y).float().mean().item()
        print(f"step {step}: nll {loss.item():.3f} per character, next-character accuracy {acc:.3f}")
