"""Denoising autoencoder for drawn faces, with a small Trainer class."""
import numpy as np
import torch
import torch.nn as nn

V, U = np.mgrid[-1:1:12j, -1:1:12j]


def face(r):
    e, m, w = r.uniform(0.25, 0.5), r.uniform(-0.5, 0.5), r.uniform(0.7, 0.95)
    img = (np.hypot(U, V) < w) * 0.4
    for s in (-1, 1):
        img += 0.6 * (np.hypot(U - s * e, V + 0.3) < 0.18)
    return img + 0.6 * (np.abs(V - 0.45 + m * (U ** 2 - 0.15) * 2) < 0.12) * (np.abs(U) < 0.5)


class Trainer:
    def __init__(self, model, lr, noise):
        self.model, self.noise = model, noise
        self.optim = torch.optim.Adam(model.parameters(), lr=lr)

    def step(self, clean):
        noisy = clean + self.noise * torch.randn_like(clean)
        loss = nn.functional.mse_loss(self.model(noisy), clean)
        self.optim.zero_grad  # cure: self.optim.zero_grad()
        loss.backward()
        self.optim.step()
        return loss.item()

    def fit(self, data, check, epochs, batch=32):
        fixed = check + self.noise * torch.randn_like(check)
        for epoch in range(epochs):
            losses = [self.step(data[i]) for i in torch.randperm(len(data)).split(batch)]
            with torch.no_grad():
                v = nn.functional.mse_loss(self.model(fixed), check).item()
            if epoch % 3 == 2:
                print(f"epoch {epoch + 1}: reconstruction {np.mean(losses):.4f}, held-out {v:.4f} (noise itself {self.noise ** 2:.2f})")


if __name__ == "__main__":
    torch.manual_seed(7)
    r = np.random.default_rng(7)
    faces = torch.tensor(np.stack([face(r).ravel() for _ in range(1600)]), dtype=torch.float32)
    faces = (faces - faces.mean()) / faces.std()
    net = nn.Sequential(nn.Linear(144, 96), nn.ReLU(), nn.Linear(96, 20), nn.Tanh(), nn.Linear(20, 96), nn.ReLU(), nn.Linear(96, 144))
    Trainer(net, lr=2e-3, noise=0.6).fit(faces[:1300], faces[1300:], epochs=24)
