"""Circles, squares and crosses: an all-convolutional net, with the Gaussian filler of the original Caffe recipe."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(40)


def draw(n, size=16):
    yy, xx = torch.meshgrid(torch.arange(float(size)), torch.arange(float(size)), indexing="ij")
    label = torch.randint(3, (n,))
    cy, cx = (torch.randint(5, 11, (n, 1, 1)).float() for _ in range(2))
    r = torch.randint(3, 5, (n, 1, 1)).float()
    dy, dx = (yy - cy).abs(), (xx - cx).abs()
    circle = ((dy ** 2 + dx ** 2).sqrt() - r).abs() < 0.8
    square = (torch.maximum(dy, dx) - r).abs() < 0.5
    cross = ((dy < 0.5) & (dx <= r)) | ((dx < 0.5) & (dy <= r))
    img = torch.stack([circle, square, cross], 1)[torch.arange(n), label].float()
    return (img + 0.2 * torch.randn(n, size, size)).unsqueeze(1) - 0.1, label


class AllConv(nn.Module):
    def __init__(self, channels=(16, 16, 32, 32)):
        super().__init__()
        convs, c = [], 1
        for k, o in enumerate(channels):
            convs.append(nn.Conv2d(c, o, 3, stride=1 + k % 2, padding=1))
            c = o
        self.convs = nn.ModuleList(convs)
        self.out = nn.Linear(c, 3)
        self.reset_parameters()

    def reset_parameters(self):
        for conv in self.convs:
            nn.init.normal_(conv.weight, std=0.01)  # cure: nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
            nn.init.zeros_(conv.bias)

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x))
        return self.out(x.mean((2, 3)))


x, y = draw(1200)
xt, yt = draw(400)
net = AllConv()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True)
for epoch in range(8):
    net.train()
    seen, correct, total = 0, 0, 0.0
    for idx in torch.randperm(len(x)).split(32):
        out = net(x[idx])
        loss = F.cross_entropy(out, y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
        correct += (out.argmax(1) == y[idx]).sum().item()
        seen += len(idx)
    net.eval()
    with torch.no_grad():
        test = (net(xt).argmax(1) == yt).float().mean().item()
    print(f"{epoch:02d} loss {total / seen:.4f} train {correct / seen:.3f} test {test:.3f}")
