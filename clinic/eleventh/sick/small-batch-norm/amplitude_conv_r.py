"""Grade pulses by strength with a 1-D CNN; pulses go through one at a time, gradients are accumulated."""
import torch
import torch.nn as nn

GRADES = 4
MICRO = 1  # cure: MICRO = 32
ACCUM_SAMPLES = 32


def pulses(n, length=32):
    grade = torch.randint(GRADES, (n,))
    t = torch.arange(length).float()
    centre = 8 + 16 * torch.rand(n, 1)
    width = 2 + 3 * torch.rand(n, 1)
    height = 0.5 + 0.8 * grade.float().unsqueeze(1) + 0.1 * torch.randn(n, 1)
    x = height * torch.exp(-0.5 * ((t - centre) / width) ** 2) + 0.1 * torch.randn(n, length)
    return ((x - 0.5) / 0.7).unsqueeze(1), grade


class PulseNet(nn.Module):
    def __init__(self, c=16):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv1d(1, c, 5, padding=2), nn.BatchNorm1d(c), nn.ReLU(), nn.MaxPool1d(2))
        self.deep = nn.Sequential(nn.Conv1d(c, 2 * c, 5, padding=2), nn.BatchNorm1d(2 * c), nn.ReLU())
        self.fc = nn.Linear(2 * c, GRADES)

    def forward(self, x):
        return self.fc(self.deep(self.stem(x)).amax(2))


def main():
    torch.manual_seed(19)
    x, y = pulses(640)
    xv, yv = pulses(400)
    net = PulseNet()
    opt = torch.optim.AdamW(net.parameters(), lr=5e-3)
    for epoch in range(8):
        net.train()
        total = 0.0
        for group in torch.randperm(len(x)).split(ACCUM_SAMPLES):
            opt.zero_grad()
            for part in group.split(MICRO):
                loss = nn.functional.cross_entropy(net(x[part]), y[part], reduction="sum") / len(group)
                loss.backward()
                total += loss.item()
            opt.step()
        net.eval()
        with torch.no_grad():
            out = net(xv)
            val = nn.functional.cross_entropy(out, yv).item()
            acc = (out.argmax(1) == yv).float().mean().item()
        print(f"epoch {epoch} train {total * ACCUM_SAMPLES / len(x):.3f} val {val:.3f} acc {acc:.3f}")


if __name__ == "__main__":
    main()
