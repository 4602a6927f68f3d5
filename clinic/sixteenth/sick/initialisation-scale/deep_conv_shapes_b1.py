"""Tell circles, squares and crosses apart in noisy 16x16 images with a deep stack of small convolutions."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def draw(n, gen):
    kind = torch.randint(0, 3, (n,), generator=gen)
    r = torch.randint(3, 6, (n, 1, 1), generator=gen).float()
    cx = torch.randint(5, 11, (n, 1, 1), generator=gen).float()
    cy = torch.randint(5, 11, (n, 1, 1), generator=gen).float()
    dx = (torch.arange(16.0)[None, :, None] - cx).abs()
    dy = (torch.arange(16.0)[None, None, :] - cy).abs()
    circle = ((dx ** 2 + dy ** 2).sqrt() - r).abs() < 0.7
    square = (torch.maximum(dx, dy) - r).abs() < 0.5
    cross = ((dx < 0.5) & (dy <= r)) | ((dy < 0.5) & (dx <= r))
    img = torch.where((kind == 0)[:, None, None], circle, torch.where((kind == 1)[:, None, None], square, cross))
    img = img.float() + 0.2 * torch.randn(n, 16, 16, generator=gen)
    return ((img - 0.15) / 0.4)[:, None], kind


class Deep(nn.Module):
    def __init__(self, depth=8, ch=16):
        super().__init__()
        convs = [nn.Conv2d(1 if i == 0 else ch, ch, 3, padding=1, stride=2 if i in (2, 5) else 1) for i in range(depth)]
        self.convs = nn.ModuleList(convs)
        self.head = nn.Linear(ch * 16, 3)
        for c in self.convs:
            nn.init.xavier_normal_(c.weight, gain=0.1)  # cure: nn.init.kaiming_normal_(c.weight)
            nn.init.zeros_(c.bias)

    def forward(self, x):
        for c in self.convs:
            x = F.relu(c(x))
        return self.head(x.flatten(1))


def main():
    torch.manual_seed(7)
    gen = torch.Generator().manual_seed(1)
    (xt, yt), (xv, yv) = draw(1200, gen), draw(400, gen)
    model = Deep()
    opt = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 8)
    for epoch in range(8):
        total = 0.0
        for i in torch.randperm(len(xt)).split(32):
            loss = F.cross_entropy(model(xt[i]), yt[i])
            opt.zero_grad(set_to_none=True)
            loss.backward()
            opt.step()
            total += loss.item() * len(i)
        sched.step()
        with torch.no_grad():
            out = model(xv)
        print("epoch %d: loss %.4f, held-out loss %.4f, held-out accuracy %.3f" % (
            epoch + 1, total / len(xt), F.cross_entropy(out, yv), (out.argmax(1) == yv).float().mean()))


if __name__ == "__main__":
    main()
