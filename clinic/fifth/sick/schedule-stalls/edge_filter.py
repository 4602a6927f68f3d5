"""Learn to undo a blur: a small convolutional restorer on random line images, exponential decay of the rate."""
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(2)


def line_images(n, size=14):
    img = torch.zeros(n, 1, size, size)
    for k in range(n):
        for _ in range(3):
            if torch.rand(1) < 0.5:
                img[k, 0, torch.randint(size, (1,))] = 1
            else:
                img[k, 0, :, torch.randint(size, (1,))] = 1
    return img


kernel = torch.tensor([[1., 2, 1], [2, 4, 2], [1, 2, 1]])[None, None] / 16
sharp = line_images(900)
blurred = F.conv2d(F.conv2d(sharp, kernel, padding=1), kernel, padding=1) + 0.01 * torch.randn_like(sharp)
blurred = (blurred - 0.3) / 0.25
train, test = slice(0, 750), slice(750, 900)

restorer = nn.Sequential(nn.Conv2d(1, 12, 5, padding=2), nn.ReLU(), nn.Conv2d(12, 12, 3, padding=1), nn.ReLU(),
                         nn.Conv2d(12, 1, 3, padding=1))
opt = torch.optim.Adam(restorer.parameters(), lr=3e-3)
decay = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.85)

for epoch in range(12):
    total = 0.0
    for i in torch.randperm(750).split(25):
        out = restorer(blurred[train][i])
        loss = F.mse_loss(out, sharp[train][i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        decay.step()  # cure: delete
        total += loss.item() / 30
    # cure: decay.step()
    with torch.no_grad():
        err = F.mse_loss(restorer(blurred[test]), sharp[test])
    print(f"epoch {epoch + 1:2d}  mse {total:.4f}  test mse {err:.4f}  PSNR {-10 * err.log10():.2f} dB")
