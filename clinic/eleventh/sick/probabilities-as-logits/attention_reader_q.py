"""A one-block transformer answers key-value look-ups: given pairs (key value ...) and a query key, name the value."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(27)
KEYS, VALUES, PAIRS = 8, 8, 4


def make(n):
    keys = torch.rand(n, KEYS).argsort(1)[:, :PAIRS]
    vals = torch.randint(VALUES, (n, PAIRS))
    ask = torch.randint(PAIRS, (n,))
    tokens = torch.cat([keys * VALUES + vals, KEYS * VALUES + keys.gather(1, ask[:, None])], 1)
    return tokens, vals.gather(1, ask[:, None]).squeeze(1)


class Reader(nn.Module):
    def __init__(self, dim=32, heads=2):
        super().__init__()
        self.emb = nn.Embedding(KEYS * VALUES + KEYS, dim)
        self.block = nn.TransformerEncoderLayer(dim, heads, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.classifier = nn.Linear(dim, VALUES)

    def forward(self, tokens):
        h = self.block(self.emb(tokens))
        return F.softmax(self.classifier(h[:, -1]), dim=-1)  # cure: return self.classifier(h[:, -1])


def main():
    model = Reader()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    xv, yv = make(500)
    for step in range(1, 501):
        x, y = make(64)
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 50 == 0:
            model.eval()
            with torch.no_grad():
                out = model(xv)
                acc = (out.argmax(1) == yv).float().mean().item()
                val = F.cross_entropy(out, yv).item()
            model.train()
            print(f"step {step} train {loss.item():.3f} val {val:.3f} accuracy {acc:.3f}")


main()
