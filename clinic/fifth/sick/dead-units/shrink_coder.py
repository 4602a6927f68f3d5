"""Sparse autoencoder: the code is thresholded so that only strong responses pass; reconstruct 8x8 digits."""
import torch
from sklearn.datasets import load_digits


class ShrinkCoder(torch.nn.Module):
    def __init__(self, n_in=64, n_code=128, threshold=3.0):  # cure: def __init__(self, n_in=64, n_code=128, threshold=0.1):
        super().__init__()
        self.threshold = threshold
        self.analysis = torch.nn.Linear(n_in, n_code)
        self.synthesis = torch.nn.Linear(n_code, n_in)

    def encode(self, x):
        return (self.analysis(x) - self.threshold).clamp(min=0)

    def forward(self, x):
        return self.synthesis(self.encode(x))


torch.manual_seed(21)
pixels = torch.tensor(load_digits().data, dtype=torch.float32)
pixels = pixels[torch.randperm(len(pixels))]
pixels = (pixels - pixels.mean()) / pixels.std()
train, test = pixels[:1500], pixels[1500:]

coder = ShrinkCoder()
opt = torch.optim.Adam(coder.parameters(), lr=2e-3)
for epoch in range(1, 31):
    for batch in train[torch.randperm(len(train))].split(50):
        loss = ((coder(batch) - batch) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            err = ((coder(test) - test) ** 2).mean().item()
        print(f"epoch {epoch:2d}: train mse {loss.item():.4f}, test mse {err:.4f}, "
              f"variance explained {1 - err / test.var().item():.3f}")
