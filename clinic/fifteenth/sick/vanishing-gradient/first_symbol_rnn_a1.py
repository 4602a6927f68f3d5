"""A recurrent network reads 60 symbols and must name the first one at the end."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(28)
KINDS, LENGTH = 6, 60


class Recall(nn.Module):
    def __init__(self, hidden=48):
        super().__init__()
        self.embed = nn.Embedding(KINDS, 12)
        self.rnn = nn.RNN(12, hidden, batch_first=True)  # cure: self.rnn = nn.GRU(12, hidden, batch_first=True)
        # cure: self.rnn.bias_hh_l0.data[hidden:2 * hidden] = 3.0  # update gate: keep the state
        self.out = nn.Linear(hidden, KINDS)

    def forward(self, ids):
        states, _ = self.rnn(self.embed(ids))
        return self.out(states[:, -1])


def sequences(n):
    ids = torch.randint(0, KINDS, (n, LENGTH))
    return ids, ids[:, 0].clone()


train_loader = DataLoader(TensorDataset(*sequences(4000)), batch_size=50, shuffle=True)
ids_test, first_test = sequences(800)
model = Recall()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(1, 9):
    total = 0.0
    for ids, first in train_loader:
        optimizer.zero_grad()
        loss = loss_fn(model(ids), first)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total += loss.item()
    with torch.no_grad():
        out = model(ids_test)
    print(f"epoch {epoch:2d}  train loss {total / len(train_loader):.4f}  test loss {loss_fn(out, first_test):.4f}  "
          f"test acc {(out.argmax(1) == first_test).float().mean():.3f}")
