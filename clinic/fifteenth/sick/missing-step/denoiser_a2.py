"""A residual convolutional denoiser for noisy one-dimensional signals; batches with a broken loss are left out."""
import torch
import torch.nn as nn

torch.manual_seed(13)


def signals(n, length=64):
    t = torch.linspace(0, 1, length)
    freq = torch.rand(n, 1) * 4 + 1
    phase = torch.rand(n, 1) * 6.28
    clean = torch.sin(6.28 * freq * t + phase) * (0.5 + torch.rand(n, 1))
    return clean.unsqueeze(1), (clean + 0.4 * torch.randn(n, length)).unsqueeze(1)


class Denoiser(nn.Module):
    def __init__(self, channels=16):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(1, channels, 7, padding=3), nn.ReLU(),
            nn.Conv1d(channels, channels, 7, padding=3), nn.ReLU(),
            nn.Conv1d(channels, 1, 7, padding=3),
        )

    def forward(self, noisy):
        return noisy - self.layers(noisy)


clean, noisy = signals(2400)
clean_val, noisy_val = signals(400)
model = Denoiser()
loss_fn = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=6, gamma=0.5)
print(f"noise level before: {loss_fn(noisy_val, clean_val).item():.4f}")
for epoch in range(12):
    running = []
    for idx in torch.randperm(len(clean)).split(40):
        optimizer.zero_grad()
        loss = loss_fn(model(noisy[idx]), clean[idx])
        loss.backward()
        if torch.isfinite(loss) is True:  # cure: if torch.isfinite(loss):
            optimizer.step()
        running.append(loss.item())
    scheduler.step()
    with torch.no_grad():
        val = loss_fn(model(noisy_val), clean_val).item()
    print(f"epoch {epoch + 1:2d}: train {sum(running) / len(running):.4f}, validation {val:.4f}, rate {scheduler.get_last_lr()[0]:.2g}")
