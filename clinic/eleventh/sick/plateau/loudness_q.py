"""Predicts how loud a short sound clip is (its amplitude in decibels) from the waveform with a 1-D convolutional net."""
import torch
import torch.nn as nn

torch.manual_seed(19)
N, LEN = 1200, 64


def clips(n):
    t = torch.arange(LEN) / LEN
    pitch = 2 + 6 * torch.rand(n, 1)
    phase = 6.283 * torch.rand(n, 1)
    gain_db = -20 * torch.rand(n, 1)
    tone = torch.sin(6.283 * pitch * t + phase) + 0.1 * torch.randn(n, LEN)
    return 10 ** (gain_db / 20) * tone, gain_db.squeeze(1)


def prepare(wave):
    wave = wave - wave.mean(dim=1, keepdim=True)
    wave = wave / wave.std(dim=1, keepdim=True)  # cure: wave = wave / wave.std()
    return wave.unsqueeze(1)


class LoudnessNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv1d(1, 12, 7, stride=2), nn.ReLU(), nn.Conv1d(12, 16, 5, stride=2), nn.ReLU())
        self.head = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, x):
        return self.head(self.features(x).mean(2)).squeeze(1)


wave, db = clips(N)
x = prepare(wave)
y = (db + 10) / 5.77
model = LoudnessNet()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
for epoch in range(12):
    model.train()
    running = 0.0
    for idx in torch.randperm(1000).split(50):
        loss = nn.functional.mse_loss(model(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() / 20
    model.eval()
    with torch.no_grad():
        err = (model(x[1000:]) - y[1000:]).abs().mean() * 5.77
    print(f"epoch {epoch + 1:2d}  loss {running:.4f}  mean error {err:.2f} dB")
