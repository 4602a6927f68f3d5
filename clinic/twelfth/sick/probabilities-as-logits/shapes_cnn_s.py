"""Name the outline in a noisy 12x12 picture: square, disc, cross, triangle or ring."""
import torch
import torch.nn as nn
import torch.nn.functional as F

NAMES = ["square", "disc", "cross", "triangle", "ring"]


def draw(n, size=12):
    c = torch.arange(size).float()
    yy, xx = torch.meshgrid(c, c, indexing="ij")
    cx, cy = torch.rand(2, n, 1, 1) * 3 + 4
    r = torch.rand(n, 1, 1) * 1.5 + 2.5
    dx, dy = xx - cx, yy - cy
    dist = (dx ** 2 + dy ** 2).sqrt()
    box = torch.maximum(dx.abs(), dy.abs())
    forms = torch.stack([
        box < r * 0.85,
        dist < r,
        (torch.minimum(dx.abs(), dy.abs()) < 0.8) & (box < r),
        (dy < r * 0.8) & (dy > 2 * dx.abs() - r),
        (dist < r) & (dist > r - 1.3),
    ]).float()
    kind = torch.randint(0, len(NAMES), (n,))
    img = forms[kind, torch.arange(n)] + 0.35 * torch.randn(n, size, size)
    return img.unsqueeze(1), kind


class ShapeNet(nn.Module):
    def __init__(self, n_classes):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 12, 3), nn.ReLU(), nn.MaxPool2d(2),
                                      nn.Conv2d(12, 24, 3), nn.ReLU(), nn.Flatten())
        self.classifier = nn.Sequential(nn.Linear(24 * 9, 48), nn.ReLU(), nn.Linear(48, n_classes))

    def forward(self, x):
        scores = self.classifier(self.features(x))
        return F.softmax(scores, dim=1)  # cure: return scores


def main():
    torch.manual_seed(18)
    x, y = draw(2500)
    xt, yt = draw(600)
    net = ShapeNet(len(NAMES))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
    for epoch in range(9):
        loss_sum = hits = 0.0
        for idx in torch.randperm(len(x)).split(50):
            out = net(x[idx])
            loss = criterion(out, y[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss_sum += loss.item() * len(idx)
            hits += (out.argmax(1) == y[idx]).sum().item()
        with torch.no_grad():
            acc = (net(xt).argmax(1) == yt).float().mean().item()
        print(f"epoch {epoch + 1} loss {loss_sum / len(x):.4f} train acc {hits / len(x):.3f} test acc {acc:.3f}")


if __name__ == "__main__":
    main()
