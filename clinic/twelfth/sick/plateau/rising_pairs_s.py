"""Does a sequence of numbers rise or fall on the whole? A small transformer encoder decides."""
import torch
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self, length, dim=32, heads=4):
        super().__init__()
        self.value = nn.Linear(1, dim)
        self.place = nn.Parameter(torch.randn(length, dim) * 0.3)
        layer = nn.TransformerEncoderLayer(dim, heads, 64, dropout=0.0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 1)
        self.head = nn.Linear(dim, 1)

    def forward(self, x):
        h = self.value(x.unsqueeze(-1))
        h = h + self.place.mean(0)  # cure: h = h + self.place
        return self.head(self.encoder(h).mean(1)).squeeze(-1)


def make(n, length):
    slope = torch.randn(n, 1)
    t = torch.linspace(-1, 1, length)
    x = slope * t + 0.5 * torch.randn(n, length) + torch.randn(n, 1)
    x = (x - x.mean(1, keepdim=True)) / x.std(1, keepdim=True)
    return x, (slope.squeeze(1) > 0).float()


if __name__ == "__main__":
    torch.manual_seed(14)
    length = 12
    x, y = make(3000, length)
    xv, yv = make(600, length)
    net = Encoder(length)
    opt = torch.optim.AdamW(net.parameters(), lr=1e-3)
    bce = nn.BCEWithLogitsLoss()
    for epoch in range(8):
        tot = 0.0
        for idx in torch.randperm(len(x)).split(60):
            loss = bce(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot += loss.item() * len(idx) / len(x)
        with torch.no_grad():
            o = net(xv)
            print(f"epoch {epoch + 1}: train {tot:.4f}  valid {bce(o, yv).item():.4f}  "
                  f"accuracy {((o > 0) == (yv > 0.5)).float().mean().item():.3f}")
