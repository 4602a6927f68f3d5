"""A small transformer decides whether token 3 comes more often than token 7 in a string."""
import torch
import torch.nn as nn

torch.manual_seed(2)
VOCAB, L = 12, 10


def strings(n):
    x = torch.randint(0, VOCAB, (n, L))
    x[:, ::3] = torch.where(torch.rand(n, (L + 2) // 3) < 0.5, 3, 7)
    return x, ((x == 3).sum(1) > (x == 7).sum(1)).long()


class TinyTransformer(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.tok = nn.Embedding(VOCAB, d)
        self.pos = nn.Parameter(torch.randn(L, d) * 0.5)
        layer = nn.TransformerEncoderLayer(d, 4, 64, dropout=0.0, batch_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(d, 2)

    def forward(self, x):
        return self.head(self.enc(self.tok(x) + self.pos).mean(1))


x_train, y_train = strings(4000)
x_test, y_test = strings(1000)
model = TinyTransformer()
opt = torch.optim.Adam(model.parameters(), lr=2e-2)  # cure: opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(12):
    total = 0.0
    for idx in torch.randperm(4000).split(50):
        loss = nn.functional.cross_entropy(model(x_train[idx]), y_train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    with torch.no_grad():
        acc = (model(x_test).argmax(1) == y_test).float().mean()
    print(f"[{epoch:02d}] loss={total / 80:.4f} test_acc={acc:.3f}")
