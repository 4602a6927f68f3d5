"""Denoising autoencoder on digits; we also follow the error on clean pictures, and print the memory in use."""
import resource
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(29)
data = torch.tensor(load_digits().data, dtype=torch.float32) / 16
train, test = data[:1500], data[1500:]
model = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 24), nn.ReLU(),
                      nn.Linear(24, 256), nn.ReLU(), nn.Linear(256, 64))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)

clean_total = 0.0
steps = 0
for epoch in range(20):
    for idx in torch.randperm(len(train)).split(50):
        clean = train[idx]
        noisy = clean + 0.2 * torch.randn_like(clean)
        loss = nn.functional.mse_loss(model(noisy), clean)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        clean_total += nn.functional.mse_loss(model(clean), clean)  # cure: clean_total += nn.functional.mse_loss(model(clean), clean).item()
        steps += 1
    with torch.no_grad():
        test_mse = nn.functional.mse_loss(model(test + 0.2 * torch.randn_like(test)), test)
    if epoch % 2 == 1:
        mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"step {steps}: mean clean mse so far {clean_total / steps:.4f} test {test_mse.item():.4f} memory {mb:.0f} MB")
