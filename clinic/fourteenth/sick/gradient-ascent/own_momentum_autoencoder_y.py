"""A bottleneck autoencoder for digits, with a home-made Nesterov-like optimiser."""
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(5)
pixels = torch.tensor(load_digits().data, dtype=torch.float32) / 16
pixels = pixels[torch.randperm(len(pixels))]
train, test = pixels[:1400], pixels[1400:]


class Momentum:
    def __init__(self, params, lr, mu=0.9):
        self.params = list(params)
        self.lr, self.mu = lr, mu
        self.velocity = [torch.zeros_like(p) for p in self.params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocity):
            v.mul_(self.mu).add_(p.grad, alpha=self.lr)
            p.add_(v)  # cure: p.sub_(v)


encoder = nn.Sequential(nn.Linear(64, 40), nn.Tanh(), nn.Linear(40, 10))
decoder = nn.Sequential(nn.Linear(10, 40), nn.Tanh(), nn.Linear(40, 64), nn.Sigmoid())
auto = nn.Sequential(encoder, decoder)
opt = Momentum(auto.parameters(), lr=0.12)
mse = nn.MSELoss()

for epoch in range(30):
    for batch in train[torch.randperm(len(train))].split(20):
        opt.zero_grad()
        loss = mse(auto(batch), batch) * 10
        loss.backward()
        opt.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            print(f"epoch {epoch + 1:2d}: reconstruction train {mse(auto(train), train):.5g} test {mse(auto(test), test):.5g}")
