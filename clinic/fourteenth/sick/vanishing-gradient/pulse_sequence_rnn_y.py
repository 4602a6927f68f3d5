# Which of four machines made the click? The click comes at the beginning of each
# recording, the rest is background noise; an Elman network reads the recording.
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(12)
torch.manual_seed(12)
T, N = 120, 1600
shapes = rng.normal(0, 1.5, (4, 6, 3))
label = rng.integers(0, 4, N)
signal = rng.normal(0, 0.3, (N, T, 3))
for i in range(N):
    start = rng.integers(0, 6)
    signal[i, start:start + 6] += shapes[label[i]]
X = torch.tensor(signal, dtype=torch.float32)
Y = torch.tensor(label)
X_train, Y_train, X_val, Y_val = X[:1200], Y[:1200], X[1200:], Y[1200:]


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(3, 32, batch_first=True)
        self.head = nn.Linear(32, 4)

    def forward(self, x):
        states, _ = self.rnn(x)
        summary = states[:, -1]  # cure: summary = states.amax(dim=1)
        return self.head(summary)


model = Reader()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(1, 11):
    order = torch.randperm(len(X_train))
    running = 0.0
    for idx in order.split(40):
        optimizer.zero_grad()
        loss = criterion(model(X_train[idx]), Y_train[idx])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        running += loss.item() * len(idx)
    with torch.no_grad():
        val = model(X_val)
    print("epoch %d | loss %.3f | val loss %.3f | val acc %.3f" % (
        epoch, running / len(X_train), criterion(val, Y_val), (val.argmax(1) == Y_val).float().mean()))
