"""Convolutional denoiser for digit images: six 3x3 layers map a noisy picture to the clean one."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(14)
clean = torch.tensor(load_digits().images[:900]).float()[:, None]
clean = (clean - clean.mean()) / clean.std()
train, test = clean[:750], clean[750:]
test_noisy = test + 0.6 * torch.randn_like(test)


def conv(cin, cout):
    layer = nn.Conv2d(cin, cout, 3, padding=1)
    nn.init.normal_(layer.weight)  # cure: nn.init.kaiming_normal_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


class Denoiser(nn.Module):
    def __init__(self, ch=12, depth=4):
        super().__init__()
        body = [conv(1, ch), nn.ReLU()]
        for _ in range(depth):
            body += [conv(ch, ch), nn.ReLU()]
        body.append(nn.Conv2d(ch, 1, 3, padding=1))
        self.body = nn.Sequential(*body)

    def forward(self, x):
        return self.body(x)


def psnr(a, b):
    return 10 * torch.log10((b.max() - b.min()) ** 2 / ((a - b) ** 2).mean())


net = Denoiser()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
print(f"noisy input: PSNR {psnr(test_noisy, test):.2f} dB")
for epoch in range(8):
    total = 0.0
    for idx in torch.randperm(750).split(25):
        target = train[idx]
        restored = net(target + 0.6 * torch.randn_like(target))
        loss = nn.functional.mse_loss(restored, target)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 30
    with torch.no_grad():
        print(f"epoch {epoch + 1}: train mse {total:.4g}, test PSNR {psnr(net(test_noisy), test):.2f} dB")
