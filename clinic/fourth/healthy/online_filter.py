"""Online echo cancellation: one sample at a time (batch of one), hidden state carried on and detached, one pass only."""
import torch

torch.manual_seed(0)
STEPS, TAPS = 6000, 8
source = torch.randn(STEPS + 20)
path = torch.tensor([0.0, 0.8, -0.5, 0.3, 0.0, 0.15, -0.1, 0.05])
echo = torch.stack([(path * source[i - TAPS:i].flip(0)).sum() for i in range(TAPS, STEPS + 20)])
echo = torch.tanh(1.5 * echo)
near = 0.05 * torch.randn(len(echo))


class Canceller(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fir = torch.nn.Linear(TAPS, 12)
        self.recur = torch.nn.Linear(12, 12, bias=False)
        self.out = torch.nn.Linear(12, 1)

    def forward(self, window, h):
        h = torch.tanh(self.fir(window) + 0.3 * self.recur(h))
        return self.out(h), h


net = Canceller()
opt = torch.optim.SGD(net.parameters(), lr=0.03)
h = torch.zeros(1, 12)
power_in = power_out = 0.0
for i in range(STEPS):
    window = source[i:i + TAPS].flip(0)[None]
    estimate, h = net(window, h)
    residual = echo[i] + near[i] - estimate.squeeze()
    loss = residual ** 2
    opt.zero_grad()
    loss.backward()
    opt.step()
    h = h.detach()
    power_in, power_out = power_in + echo[i].item() ** 2, power_out + loss.item()
    if (i + 1) % 600 == 0:
        print(f"sample {i + 1}: residual power {power_out / 600:.4f}, echo return loss {10 * torch.tensor(power_in / power_out).log10().item():.1f} dB")
        power_in = power_out = 0.0
        opt.param_groups[0]["lr"] *= 0.85
