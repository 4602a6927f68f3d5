"""Tiny causal transformer that learns to sort digit strings: '3150|0135'."""
import torch
import torch.nn as nn

torch.manual_seed(2)
L, SEP, VOCAB = 5, 6, 7


def make_batch(n):
    src = torch.randint(0, 6, (n, L))
    return torch.cat([src, torch.full((n, 1), SEP), src.sort(1).values], 1)


class Sorter(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.tok = nn.Embedding(VOCAB, d)
        self.pos = nn.Parameter(torch.randn(2 * L, d) * 0.1)
        layer = nn.TransformerEncoderLayer(d, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.body = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(d, VOCAB)
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(2 * L))

    def forward(self, ids):
        h = self.tok(ids) + self.pos[: ids.shape[1]]
        return self.head(self.body(h, mask=self.mask))


class Learner:
    def __init__(self, model, lr, steps):
        self.model = model
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
        self.steps = steps

    def update(self, seq):
        self.optimizer.zero_grad()
        logits = self.model(seq[:, :-1])[:, L:]
        loss = nn.functional.cross_entropy(logits.reshape(-1, VOCAB), seq[:, L + 1:].reshape(-1))
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step  # cure: self.optimizer.step()
        return loss.item()

    def run(self):
        test = make_batch(400)
        for step in range(1, self.steps + 1):
            loss = self.update(make_batch(64))
            if step % 70 == 0:
                self.model.eval()
                with torch.no_grad():
                    pred = self.model(test[:, :-1])[:, L:].argmax(-1)
                self.model.train()
                right = (pred == test[:, L + 1:]).float().mean().item()
                print(f"step {step}: loss {loss:.4f}  characters right {right:.3f}")


Learner(Sorter(), lr=3e-3, steps=350).run()
