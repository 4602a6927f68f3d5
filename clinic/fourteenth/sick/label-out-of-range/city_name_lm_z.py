"""A character model of city names: a GRU predicts every next letter, and the end of the name."""
import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence

NAMES = """berlin bern bergen bremen bamberg bonn brest bristol bologna barcelona bergamo belfast birmingham basel
london lisbon leeds lyon lille linz leipzig lucerne lugano lausanne lund liverpool luebeck milan munich madrid malaga
marseille manchester mainz mannheim magdeburg metz nantes naples nice nuremberg newcastle paris porto palermo parma
padua pisa prague rome rotterdam rouen rostock regensburg salzburg seville siena stockholm strasbourg stuttgart
toulouse turin trieste trento trier valencia venice verona vienna vigo warsaw weimar worms zurich zwickau hamburg
hanover helsinki heidelberg halle dresden dublin dortmund dundee dijon cologne copenhagen cardiff cambridge""".split()
letters = sorted(set("".join(NAMES)))
index = {c: i for i, c in enumerate(letters)}
END = len(letters)  # the code of the end, and of the beginning
IGNORE = -100


def encode(names):
    inputs = [torch.tensor([END] + [index[c] for c in n]) for n in names]
    targets = [torch.tensor([index[c] for c in n] + [END]) for n in names]
    return pad_sequence(inputs, True, END), pad_sequence(targets, True, IGNORE)


class NameModel(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.embed = nn.Embedding(len(letters) + 1, 16)
        self.gru = nn.GRU(16, width, batch_first=True)
        self.drop = nn.Dropout(0.2)
        self.out = nn.Linear(width, len(letters))  # cure: self.out = nn.Linear(width, len(letters) + 1)

    def forward(self, x):
        return self.out(self.drop(self.gru(self.embed(x))[0]))


torch.manual_seed(4)
order = torch.randperm(len(NAMES)).tolist()
train = [NAMES[i] for i in order[20:]]
valid = encode([NAMES[i] for i in order[:20]])
model = NameModel()
criterion = nn.CrossEntropyLoss(ignore_index=IGNORE)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3, weight_decay=1e-4)
print(f"{len(train)} names, {len(letters)} letters")
for epoch in range(18):
    model.train()
    total = 0.0
    for idx in torch.randperm(len(train)).split(8):
        x, t = encode([train[i] for i in idx.tolist()])
        loss = criterion(model(x).transpose(1, 2), t)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx) / len(train)
    model.eval()
    with torch.no_grad():
        valid_loss = criterion(model(valid[0]).transpose(1, 2), valid[1]).item()
    print(f"epoch {epoch + 1:2d}  train {total:.3f}  valid {valid_loss:.3f}")
