"""Sparse ReLU autoencoder for 8x8 digit images; a threshold in the encoder keeps the code sparse."""
import math
import torch
from sklearn.datasets import load_digits

torch.manual_seed(0)
images = torch.tensor(load_digits().data, dtype=torch.float32) / 16
images = images - images.mean(0)
images = images[torch.randperm(len(images))]
train, test = images[:1500], images[1500:]

n_code = 128
threshold = 3.0  # cure: threshold = 0.1
enc = (torch.randn(64, n_code) / 8).requires_grad_()
enc_bias = torch.full((n_code,), -threshold, requires_grad=True)
dec = (torch.randn(n_code, 64) / math.sqrt(n_code)).requires_grad_()
dec_bias = torch.zeros(64, requires_grad=True)
optimizer = torch.optim.Adam([enc, enc_bias, dec, dec_bias], lr=2e-3)


def encode(x):
    return (x @ enc + enc_bias).clamp(min=0)


def decode(code):
    return code @ dec + dec_bias


def relative_error(x):
    with torch.no_grad():
        return ((decode(encode(x)) - x) ** 2).sum().item() / (x ** 2).sum().item()


for epoch in range(60):
    perm = torch.randperm(len(train))
    for batch in perm.split(50):
        x = train[batch]
        code = encode(x)
        loss = ((decode(code) - x) ** 2).sum(1).mean() + 1e-3 * code.sum(1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 6 == 5:
        print(f"epoch {epoch + 1:3d} | loss {loss.item():.3f} | unexplained variance: train {relative_error(train):.3f} "
              f"test {relative_error(test):.3f}")
