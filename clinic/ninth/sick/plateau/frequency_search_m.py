"""Estimates amplitude, frequency and phase of a hum in a noisy recording by gradient descent on the squared error."""
import torch

torch.manual_seed(90)
RATE, SECONDS = 500, 2.0
t = torch.arange(int(RATE * SECONDS)) / RATE
recording = 1.3 * torch.sin(2 * torch.pi * 49.7 * t + 0.6) + 0.2 * torch.randn(len(t))


class Hum(torch.nn.Module):
    def __init__(self, hertz):
        super().__init__()
        self.amp = torch.nn.Parameter(torch.tensor(1.0))
        self.hertz = torch.nn.Parameter(torch.as_tensor(float(hertz)))
        self.phase = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, t):
        return self.amp * torch.sin(2 * torch.pi * self.hertz * t + self.phase)


def guess(signal):
    spectrum = torch.fft.rfft(signal).abs()
    return torch.fft.rfftfreq(len(signal), 1 / RATE)[spectrum.argmax()]


hum = Hum(60.0)  # cure: hum = Hum(guess(recording))
opt = torch.optim.Adam(hum.parameters(), lr=0.01)
for step in range(1, 3001):
    pick = torch.randint(len(t), (200,))
    loss = (hum(t[pick]) - recording[pick]).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        with torch.no_grad():
            full = (hum(t) - recording).pow(2).mean()
        print(f"step {step}: residual {full:.4f} of {recording.var():.4f}; {hum.hertz.item():.3f} Hz, amp {hum.amp.item():.3f}")
