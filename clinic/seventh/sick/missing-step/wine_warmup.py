"""Wine cultivars with a residual MLP, warm-up and cosine decay per batch."""
import math
import torch
from sklearn.datasets import load_wine
from torch import nn
from torch.optim.lr_scheduler import LambdaLR


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x):
        return x + self.down(nn.functional.gelu(self.up(self.norm(x))))


def get_data(seed):
    gen = torch.Generator().manual_seed(seed)
    raw = load_wine()
    x, y = torch.tensor(raw.data, dtype=torch.float32), torch.tensor(raw.target)
    order = torch.randperm(len(x), generator=gen)
    x, y = x[order], y[order]
    x = (x - x[:130].mean(0)) / x[:130].std(0)
    return x[:130], y[:130], x[130:], y[130:]


def warm_cosine(step, warm=20, total=390):
    return (step + 1) / warm if step < warm else 0.55 + 0.45 * math.cos(math.pi * (step - warm) / (total - warm))


def main():
    torch.manual_seed(2)
    x, y, xt, yt = get_data(2)
    model = nn.Sequential(nn.Linear(13, 16), Residual(16), nn.Linear(16, 3))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
    scheduler = LambdaLR(optimizer, warm_cosine)
    loss_fn = nn.CrossEntropyLoss(label_smoothing=0.05)
    for epoch in range(30):
        for idx in torch.randperm(len(x)).split(10):
            optimizer.zero_grad()
            loss = loss_fn(model(x[idx]), y[idx])
            loss.backward()
            # cure: optimizer.step()
            scheduler.step()
        if epoch % 3 == 2:
            with torch.no_grad():
                out = model(xt)
            print(f"epoch {epoch + 1:2d} lr {scheduler.get_last_lr()[0]:.2e} test loss {loss_fn(out, yt).item():.3f} acc {(out.argmax(1) == yt).float().mean().item():.3f}")


main()
