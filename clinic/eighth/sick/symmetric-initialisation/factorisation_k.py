"""Rating prediction by matrix factorisation: 8 latent factors per user and item."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(0)
U, I, F = 150, 120, 4
u_true, i_true = rng.normal(size=(U, F)), rng.normal(size=(I, F))
pairs = np.array([(u, i) for u in range(U) for i in range(I) if rng.random() < 0.6])
rating = (u_true[pairs[:, 0]] * i_true[pairs[:, 1]]).sum(1) / 2 + 0.1 * rng.normal(size=len(pairs))
pairs, rating = torch.tensor(pairs), torch.tensor(rating, dtype=torch.float32)
mask = torch.from_numpy(rng.random(len(pairs)) < 0.85)


class MF(nn.Module):
    def __init__(self, k=8):
        super().__init__()
        self.user, self.item = nn.Embedding(U, k), nn.Embedding(I, k)
        for table in (self.user, self.item):
            nn.init.constant_(table.weight, 0.3)  # cure: nn.init.normal_(table.weight, std=0.3)

    def forward(self, ui):
        return (self.user(ui[:, 0]) * self.item(ui[:, 1])).sum(1)


torch.manual_seed(0)
model = MF()
opt = torch.optim.Adam(model.parameters(), lr=1e-2, weight_decay=1e-5)
train = DataLoader(TensorDataset(pairs[mask], rating[mask]), batch_size=256, shuffle=True)
for epoch in range(15):
    tot = 0.0
    for ui, r in train:
        loss = ((model(ui) - r) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item()
    with torch.no_grad():
        rmse = ((model(pairs[~mask]) - rating[~mask]) ** 2).mean().sqrt()
    print(f"epoch {epoch + 1:2d}  train mse {tot / len(train):.4f}  held-out rmse {rmse:.4f}")
