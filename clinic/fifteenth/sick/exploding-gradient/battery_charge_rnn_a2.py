"""State of charge of a battery from twenty minutes of current and temperature readings, with a rectified recurrent network."""
import torch
import torch.nn as nn

torch.manual_seed(2)
MINUTES, HIDDEN = 20, 40


def make_logs(n):
    current = torch.randn(n, 1) * 0.3 + torch.randn(n, MINUTES)
    warmth = torch.randn(n, 1).expand(n, MINUTES) + 0.2 * torch.randn(n, MINUTES)
    efficiency = torch.where(current > 0, 0.8 + 0.2 * torch.tanh(warmth), torch.ones_like(current))
    charge = (current * efficiency).sum(1, keepdim=True)
    return torch.stack([current, warmth], dim=2), charge


class Gauge(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(2, HIDDEN, nonlinearity="relu", batch_first=True)
        self.out = nn.Linear(HIDDEN, 1)
        nn.init.eye_(self.rnn.weight_hh_l0)
        nn.init.normal_(self.rnn.weight_ih_l0, 0, 0.05)
        nn.init.zeros_(self.rnn.bias_hh_l0)
        nn.init.zeros_(self.rnn.bias_ih_l0)

    def forward(self, x):
        states, _ = self.rnn(x)
        return self.out(states[:, -1])


x_train, y_train = make_logs(3000)
x_valid, y_valid = make_logs(600)
scale = y_train.std()
centre = y_train.mean()
y_train, y_valid = (y_train - centre) / scale, (y_valid - centre) / scale
model = Gauge()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
for epoch in range(1, 16):
    total = 0.0
    for index in torch.randperm(len(x_train)).split(50):
        loss = nn.functional.mse_loss(model(x_train[index]), y_train[index])
        optimizer.zero_grad()
        loss.backward()
        # cure: nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total += loss.item() * len(index)
    with torch.no_grad():
        valid = nn.functional.mse_loss(model(x_valid), y_valid).item()
    print(f"epoch {epoch:2d}  train mse {total / len(x_train):.5g}  valid mse {valid:.5g}")
