"""LSTM that sums the two marked numbers of a sequence; the best weights so far are kept aside."""
import copy
import torch
from torch import nn


class Adder(nn.Module):
    def __init__(self, hidden=40):
        super().__init__()
        self.lstm = nn.LSTM(2, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1]).squeeze(1)


def make(n, length=8):
    values = torch.rand(n, length) * 2 - 1
    marks = torch.zeros(n, length)
    where = torch.rand(n, length).topk(2, dim=1).indices
    marks.scatter_(1, where, 1.0)
    return torch.stack([values, marks], -1), (values * marks).sum(1)


class Experiment:
    def __init__(self, seed=0):
        torch.manual_seed(seed)
        self.train_data, self.valid_data = make(2000), make(500)
        self.model = Adder()
        self.best = copy.deepcopy(self.model)
        self.best_loss = float("inf")
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=5e-3)

    def step(self, x, y):
        self.best.zero_grad()  # cure: self.model.zero_grad()
        loss = nn.functional.mse_loss(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def run(self, epochs=20, batch=32):
        x, y = self.train_data
        for epoch in range(epochs):
            losses = [self.step(x[i], y[i]) for i in torch.randperm(len(x)).split(batch)]
            with torch.no_grad():
                valid = nn.functional.mse_loss(self.model(self.valid_data[0]), self.valid_data[1]).item()
            if valid < self.best_loss:
                self.best_loss = valid
                self.best.load_state_dict(self.model.state_dict())
            print(f"epoch {epoch:2d} train {sum(losses) / len(losses):.4f} valid {valid:.4f} best {self.best_loss:.4f}")


Experiment().run()
