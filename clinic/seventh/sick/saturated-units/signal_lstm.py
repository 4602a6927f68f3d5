"""Classify three kinds of oscillations with an LSTM; the forget gates get a positive start as usual."""
import math
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(14)
N, T, HID = 1200, 30, 32


def signals(n):
    kind = torch.randint(0, 3, (n,))
    t = torch.arange(T).float()
    f = 0.35 + 0.3 * torch.rand(n, 1)
    ph = 2 * math.pi * torch.rand(n, 1)
    arg = f * t + ph
    sine = torch.sin(arg)
    square = torch.sign(sine)
    saw = (arg / math.pi) % 2 - 1
    x = torch.stack([1.4 * sine, square, 1.7 * saw], 1)[torch.arange(n), kind]
    return (x + 0.1 * torch.randn(n, T)).unsqueeze(-1), kind


class SignalLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, HID, batch_first=True)
        self.fc = nn.Linear(HID, 3)
        self.init_forget_gate(4.0)

    def init_forget_gate(self, value):
        # gates are stored as input | forget | cell | output
        with torch.no_grad():
            self.lstm.bias_ih_l0.fill_(value)  # cure: self.lstm.bias_ih_l0[HID:2 * HID].fill_(1.0)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(out[:, -1])


xtr, ytr = signals(N)
xte, yte = signals(400)
model = SignalLSTM()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(14):
    model.train()
    running, seen = 0.0, 0
    for idx in torch.randperm(N).split(48):
        logits = model(xtr[idx])
        loss = F.cross_entropy(logits, ytr[idx])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        running += loss.item() * len(idx)
        seen += len(idx)
    model.eval()
    with torch.no_grad():
        acc = (model(xte).argmax(1) == yte).float().mean().item()
    print(f"Epoch {epoch + 1:02d} - loss: {running / seen:.4f} - test accuracy: {acc:.3f}")
