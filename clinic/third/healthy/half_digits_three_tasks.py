"""One trunk, three tasks: which digit, how much ink, and the left half from the right; the tasks weigh themselves."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class Trunk(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = nn.Sequential(
            nn.Linear(32, 64), nn.SiLU(), nn.Dropout(0.2), nn.Linear(64, 48), nn.SiLU(), nn.Dropout(0.2)
        )
        self.digit, self.ink, self.other = nn.Linear(48, 10), nn.Linear(48, 1), nn.Linear(48, 32)
        self.log_noise = nn.Parameter(torch.zeros(3))

    def losses(self, right, left, digit, ink):
        h = self.shared(right)
        self.guess = self.digit(h).detach()
        return torch.stack(
            [
                F.cross_entropy(self.digit(h), digit, label_smoothing=0.1),
                F.mse_loss(self.ink(h).squeeze(1), ink),
                F.mse_loss(self.other(h), left),
            ]
        )

    def weigh(self, losses):
        return (torch.exp(-self.log_noise) * losses + 0.5 * self.log_noise).sum()


torch.manual_seed(227)
images, digits = load_digits(return_X_y=True)
pictures = torch.tensor(images, dtype=torch.float32).view(-1, 8, 8) / 8 - 1
left, right = pictures[:, :, :4].flatten(1), pictures[:, :, 4:].flatten(1)
ink = pictures.mean((1, 2))
ink = (ink - ink.mean()) / ink.std()
digits = torch.tensor(digits)
order = torch.randperm(len(digits))
train, test = order[:1400], order[1400:]

model = Trunk()
optimizer = torch.optim.Adam(
    [
        {"params": [p for n, p in model.named_parameters() if n != "log_noise"], "lr": 2e-3},
        {"params": [model.log_noise], "lr": 1e-2},
    ]
)
for epoch in range(1, 31):
    model.train()
    for rows in train[torch.randperm(1400)].split(50):
        loss = model.weigh(model.losses(right[rows], left[rows], digits[rows], ink[rows]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 3 == 0:
        model.eval()
        with torch.no_grad():
            parts = model.losses(right[test], left[test], digits[test], ink[test])
        accuracy = (model.guess.argmax(1) == digits[test]).float().mean().item()
        print(
            f"epoch {epoch:2d}  joint {loss.item():+.3f}  test digit {parts[0]:.3f} ({accuracy:.3f})  ink {parts[1]:.3f}  half {parts[2]:.3f}"
        )
