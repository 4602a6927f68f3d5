"""Molecule-like sets of atoms -> energy, attention pooling over the set (DeepSets baseline for the group meeting)."""
import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader


class Molecules(Dataset):
    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.charge = torch.rand(n, 6, generator=g) * 2 - 1
        self.pos = torch.rand(n, 6, 2, generator=g) * 3
        d = (self.pos[:, :, None] - self.pos[:, None]).pow(2).sum(-1).add(0.3).sqrt()
        qq = self.charge[:, :, None] * self.charge[:, None]
        e = (qq / d).triu(1).sum((1, 2))
        e = e + 2 * self.charge.sum(1).tanh()
        self.energy = ((e - e.mean()) / e.std()).unsqueeze(1)

    def __len__(self):
        return len(self.energy)

    def __getitem__(self, i):
        atoms = torch.cat([self.charge[i, :, None], self.pos[i] - 1.5], -1)
        return atoms, self.energy[i]


class SetModel(nn.Module):
    def __init__(self, width=48):
        super().__init__()
        self.embed = nn.Linear(3, width)
        self.att = nn.MultiheadAttention(width, 4, batch_first=True)
        self.phi = nn.Sequential(nn.Linear(width, width), nn.SiLU())
        self.rho = nn.Sequential(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 1))

    def forward(self, atoms):
        h = self.embed(atoms)
        h = h + self.att(h, h, h, need_weights=False)[0]
        return self.rho(self.phi(h).sum(1)).view(-1)  # cure: return self.rho(self.phi(h).sum(1))


def r2(model, loader):
    with torch.no_grad():
        p, e = zip(*[(model(a).flatten(), b.flatten()) for a, b in loader])
    p, e = torch.cat(p), torch.cat(e)
    return 1 - ((p - e) ** 2).sum().item() / ((e - e.mean()) ** 2).sum().item()


torch.manual_seed(3)
train = DataLoader(Molecules(1500, 1), batch_size=50, shuffle=True)
test = DataLoader(Molecules(400, 2), batch_size=200)
model = SetModel()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-3)
loss_fn = nn.L1Loss()
for epoch in range(1, 13):
    total = 0.0
    for atoms, energy in train:
        loss = loss_fn(model(atoms), energy)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    print(f"epoch {epoch:2d} mae {total / len(train):.4f} test R2 {r2(model, test):.3f}")
