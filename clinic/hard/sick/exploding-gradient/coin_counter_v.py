"""Counts the money in a stream of coins with an identity-initialised ReLU recurrence (IRNN):
80 time steps, a coin or nothing at each of them, the total at the end."""
import torch
import torch.nn as nn

torch.manual_seed(0)
T, HIDDEN, BATCH, STEPS = 80, 40, 32, 600
COINS = torch.tensor([0.0, 0.1, 0.2, 0.5, 1.0])
ODDS = torch.tensor([0.6, 0.1, 0.1, 0.1, 0.1])


def stream(n):
    kind = torch.multinomial(ODDS, n * T, replacement=True).view(n, T)
    total = COINS[kind].sum(1)
    return nn.functional.one_hot(kind, len(COINS)).float(), (total - 14.4) / 3.0


class IRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(len(COINS), HIDDEN, nonlinearity="relu", batch_first=True)
        nn.init.eye_(self.rnn.weight_hh_l0)
        nn.init.normal_(self.rnn.weight_ih_l0, std=0.02)
        nn.init.zeros_(self.rnn.bias_hh_l0)
        nn.init.zeros_(self.rnn.bias_ih_l0)
        self.head = nn.Linear(HIDDEN, 1)

    def forward(self, s):
        return self.head(self.rnn(s)[0][:, -1]).squeeze(-1)


model = IRNN()
optimizer = torch.optim.SGD(model.parameters(), lr=0.0025, momentum=0.9)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS, eta_min=2e-4)
test_x, test_y = stream(500)
running = 0.0
for step in range(1, STEPS + 1):
    x, y = stream(BATCH)
    loss = nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    # cure: nn.utils.clip_grad_norm_(model.parameters(), 2.0)
    optimizer.step()
    schedule.step()
    running += loss.item()
    if step % 50 == 0:
        with torch.no_grad():
            test = nn.functional.mse_loss(model(test_x), test_y)
        print("step %4d  mean loss %.5g  test loss %.5g" % (step, running / 50, test))
        running = 0.0
