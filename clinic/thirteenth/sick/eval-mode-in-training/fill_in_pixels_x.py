"""Denoising autoencoder: it learns to fill in lost pixels of digits (a dropout layer loses them during training)."""
import torch
from sklearn.datasets import load_digits
from torch import nn


class Filler(nn.Module):
    def __init__(self):
        super().__init__()
        self.lose = nn.Dropout(0.4)
        self.net = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 64))

    def forward(self, x):
        return self.net(self.lose(x))


def build(weights=None):
    """A new model, or one with given weights."""
    model = Filler()
    if weights is not None:
        model.load_state_dict(weights)
    return model.eval()  # cure: return model


def damaged_error(model, x, mask):
    """Error on pixels that were lost in transmission."""
    was = model.training
    model.eval()
    with torch.no_grad():
        guess = model(torch.where(mask, 0.0, x / 0.6))
    model.train(was)
    return (guess - x)[mask].pow(2).mean().item()


torch.manual_seed(6)
x = torch.tensor(load_digits().data, dtype=torch.float32)
x = x[torch.randperm(len(x))]
x = (x - x[:1400].mean(0)) / x[:1400].std()
train, valid = x[:1400], x[1400:]
mask_t, mask_v = torch.rand_like(train) < 0.4, torch.rand_like(valid) < 0.4
model = build()
opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
print(f"variance of a pixel: {valid[mask_v].var():.3f}")
for epoch in range(1, 31):
    total = 0.0
    for idx in torch.randperm(len(train)).split(50):
        loss = nn.functional.mse_loss(model(train[idx]), train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx) / len(train)
    if epoch % 3 == 0:
        print(f"epoch {epoch:2d} loss {total:.4f} error on lost pixels: train {damaged_error(model, train, mask_t):.4f} "
              f"valid {damaged_error(model, valid, mask_v):.4f}")
