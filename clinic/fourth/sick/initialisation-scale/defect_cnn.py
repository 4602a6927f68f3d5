"""Sort 16x16 thermal images of solder joints into four defect patterns with a plain eight-layer CNN."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def images(n, gen):
    g = torch.arange(16).float()
    yy, xx = torch.meshgrid(g, g, indexing="ij")
    kind = torch.randint(4, (n,), generator=gen)
    cx, cy = (torch.rand(n, 1, 1, generator=gen) * 6 + 5 for _ in range(2))
    r = ((xx - cx) ** 2 + (yy - cy) ** 2).sqrt()
    shapes = torch.stack([
        torch.exp(-r ** 2 / 6),                       # hot spot
        torch.exp(-(r - 4) ** 2 / 2),                 # ring
        torch.exp(-(xx - cx) ** 2 / 2) + 0 * r,       # vertical bridge
        torch.exp(-(xx - cx + yy - cy) ** 2 / 4),     # diagonal crack
    ])
    img = shapes[kind, torch.arange(n)] + 0.35 * torch.randn(n, 16, 16, generator=gen)
    return ((img - 0.25) / 0.5).unsqueeze(1), kind


def conv(i, o, stride=1):
    return [nn.Conv2d(i, o, 3, stride, padding=1), nn.ReLU(inplace=True)]


class DefectNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            *conv(1, 8), *conv(8, 8), *conv(8, 16, 2), *conv(16, 16),
            *conv(16, 16), *conv(16, 32, 2), *conv(32, 32), *conv(32, 32))
        self.classifier = nn.Linear(32, 4)
        self.apply(self._init_weights)

    @staticmethod
    def _init_weights(m):
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            nn.init.normal_(m.weight, std=0.02)  # cure: nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
            nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


def main():
    torch.manual_seed(1)
    gen = torch.Generator().manual_seed(1)
    train = DataLoader(TensorDataset(*images(1600, gen)), batch_size=32, shuffle=True)
    x_val, y_val = images(400, gen)
    model = DefectNet()
    opt = torch.optim.SGD(model.parameters(), lr=0.005, momentum=0.9)
    for epoch in range(8):
        seen, total = 0, 0.0
        for x, y in train:
            loss = nn.functional.cross_entropy(model(x), y)
            opt.zero_grad(set_to_none=True)
            loss.backward()
            opt.step()
            total, seen = total + loss.item() * len(y), seen + len(y)
        with torch.no_grad():
            acc = (model(x_val).argmax(1) == y_val).float().mean()
        print(f"[{epoch + 1}/8] loss={total / seen:.4f} val_acc={acc:.3f}")


if __name__ == "__main__":
    main()
