"""Convolutional autoencoder for digits with a validation curve that is kept for a summary at the end."""
import resource

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(2)
img = torch.tensor(load_digits().images / 16, dtype=torch.float32).unsqueeze(1)
img = img[torch.randperm(len(img))]
train, valid = img[:1400], img[1400:]

encoder = nn.Sequential(nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, stride=2, padding=1),
                        nn.ReLU(), nn.Flatten(), nn.Linear(128, 12))
decoder = nn.Sequential(nn.Linear(12, 128), nn.ReLU(), nn.Unflatten(1, (32, 2, 2)),
                        nn.ConvTranspose2d(32, 16, 4, stride=2, padding=1), nn.ReLU(),
                        nn.ConvTranspose2d(16, 1, 4, stride=2, padding=1))
parameters = [*encoder.parameters(), *decoder.parameters()]
opt = torch.optim.Adam(parameters, lr=5e-3)
curve = []


def reconstruction(x):
    return F.binary_cross_entropy_with_logits(decoder(encoder(x)), x)


step = 0
for epoch in range(10):
    for batch in torch.randperm(len(train)).split(50):
        loss = reconstruction(train[batch])
        opt.zero_grad()
        loss.backward()
        opt.step()
        step += 1
        if step % 2 == 0:
            curve.append(reconstruction(valid))  # cure: curve.append(reconstruction(valid).item())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"epoch {epoch}: loss {loss.item():.4f} valid {curve[-1]:.4f} memory {memory:.0f} MB")
print(f"best validation value {min(curve):.4f} of {len(curve)}")
