"""An LSTM classifies gestures from 20 readings of a three-axis sensor."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(23)
KINDS, TIME = 5, 20


def gestures(n):
    kind = torch.randint(0, KINDS, (n,))
    t = torch.arange(TIME).float()
    turn = 0.25 + 0.18 * kind.float()
    start = torch.rand(n) * 6.28
    phase = start[:, None] + turn[:, None] * t
    signal = torch.stack([phase.sin(), phase.cos(), (2 * phase).sin()], dim=2)
    return signal + 0.3 * torch.randn(n, TIME, 3), kind


class GestureNet(nn.Module):
    def __init__(self, hidden=48):
        super().__init__()
        self.lstm = nn.LSTM(3, hidden)  # cure: self.lstm = nn.LSTM(3, hidden, batch_first=True)
        self.norm = nn.LayerNorm(hidden)
        self.classify = nn.Linear(hidden, KINDS)

    def forward(self, batch):
        states, _ = self.lstm(batch)
        return self.classify(self.norm(states[:, -1]))


def evaluate(net, loader):
    net.eval()
    loss, right, seen = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            logits = net(x)
            loss += nn.functional.cross_entropy(logits, y, reduction="sum").item()
            right += (logits.argmax(1) == y).sum().item()
            seen += len(y)
    return loss / seen, right / seen


train = DataLoader(TensorDataset(*gestures(4000)), batch_size=64, shuffle=True)
test = DataLoader(TensorDataset(*gestures(1000)), batch_size=64)
net = GestureNet()
optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3)
for epoch in range(1, 11):
    net.train()
    running = 0.0
    for x, y in train:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        running += loss.item()
    test_loss, test_acc = evaluate(net, test)
    print(f"epoch {epoch:2d}  train loss {running / len(train):.4f}  test loss {test_loss:.4f}  test accuracy {test_acc:.3f}")
