"""Autoencoder for digit images with pixels between 0 and 1 and a Bernoulli likelihood."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader

torch.manual_seed(0)
pixels = torch.tensor(load_digits().data, dtype=torch.float32) / 16
pixels = pixels[torch.randperm(len(pixels))]
train, test = pixels[:1500], pixels[1500:]


class Autoencoder(nn.Module):
    def __init__(self, code=12):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, code))
        self.decoder = nn.Sequential(nn.Linear(code, 64), nn.ReLU(), nn.Linear(64, 64))

    def forward(self, x):
        return self.decoder(self.encoder(x)).sigmoid()


net = Autoencoder()
criterion = nn.BCEWithLogitsLoss()  # cure: criterion = nn.BCELoss()
adam = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(1, 31):
    for x in DataLoader(train, batch_size=50, shuffle=True):
        adam.zero_grad()
        loss = criterion(net(x), x)
        loss.backward()
        adam.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            out = net(test)
            print(f"epoch {epoch:2d}: loss {loss.item():.4f}, test loss {criterion(out, test):.4f},"
                  f" test pixel error {(out - test).abs().mean():.4f}")
