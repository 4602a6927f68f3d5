"""Character model of river names: an LSTM predicts the next letter or the end of the name."""
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

NAMES = """thames severn trent mersey tyne tees humber ouse avon derwent wye dee spey tay forth clyde tweed
rhine main neckar mosel weser elbe oder spree havel isar inn lech danube donau salzach enns seine loire garonne
rhone saone marne oise somme meuse dordogne tarn lot vienne ebro tajo duero tiber arno po adige piave""".split()

letters = sorted(set("".join(NAMES)))
stoi = {c: i + 1 for i, c in enumerate(letters)}  # 0 starts a name
END = len(stoi) + 1
N_SYMBOLS = len(stoi) + 1  # cure: N_SYMBOLS = len(stoi) + 2
IGNORE = -100


class CharLSTM(nn.Module):
    def __init__(self, n, emb=24, hid=48):
        super().__init__()
        self.emb = nn.Embedding(n, emb)
        self.rnn = nn.LSTM(emb, hid, batch_first=True)
        self.out = nn.Linear(hid, n)

    def forward(self, x):
        return self.out(self.rnn(self.emb(x))[0])


def encode(name):
    ids = [stoi[c] for c in name]
    return torch.tensor([0] + ids), torch.tensor(ids + [END])


pairs = [encode(n) for n in NAMES]
X = pad_sequence([a for a, _ in pairs], batch_first=True)
Y = pad_sequence([b for _, b in pairs], batch_first=True, padding_value=IGNORE)

torch.manual_seed(1)
model = CharLSTM(N_SYMBOLS)
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
print(f"{len(NAMES)} names, {len(letters)} letters")
for epoch in range(40):
    total = 0.0
    for b in torch.randperm(len(X)).split(12):
        logits = model(X[b])
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), Y[b].flatten(), ignore_index=IGNORE)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(b) / len(X)
    if epoch % 8 == 0:
        print(f"epoch {epoch:2d} nats per letter {total:.3f}")
