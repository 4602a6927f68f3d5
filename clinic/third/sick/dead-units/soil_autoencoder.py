"""An autoencoder of soil samples: twenty measured elements that follow six hidden minerals."""

import torch
from torch import nn


class SoilCode(nn.Module):
    def __init__(self, units=48, threshold=-6.0):  # cure: def __init__(self, units=48, threshold=0.0):
        super().__init__()
        self.enter = nn.Linear(20, units)
        nn.init.constant_(self.enter.bias, threshold)
        self.narrow = nn.Linear(units, 8)
        self.widen = nn.Linear(8, units)
        self.leave = nn.Linear(units, 20)

    def forward(self, x):
        code = self.narrow(torch.relu(self.enter(x)))
        return self.leave(torch.relu(self.widen(code)))


def samples(n, recipe):
    minerals = torch.rand(n, 6) ** 2
    elements = torch.tanh(minerals @ recipe)
    return (elements - elements.mean(0)) / elements.std(0)


torch.manual_seed(113)
recipe = torch.randn(6, 20)
soil = samples(2400, recipe)
train, test = soil[:2000], soil[2000:]
model = SoilCode()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for epoch in range(1, 41):
    summed = 0.0
    for rows in torch.randperm(2000).split(50):
        loss = nn.functional.mse_loss(model(train[rows]), train[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        summed += loss.item() / 40
    if epoch % 4 == 0:
        with torch.no_grad():
            unseen = nn.functional.mse_loss(model(test), test).item()
        print(f"epoch {epoch:2d}: {summed:.4f} on the samples, {unseen:.4f} on new ones")
