"""A GRU predicts the next value of a sum of two waves with changing frequencies."""
import argparse

import torch
from torch import nn


def waves(n, length=31):
    t = torch.arange(length).float()
    f1, f2 = 0.15 + 0.25 * torch.rand(n, 1), 0.5 + 0.5 * torch.rand(n, 1)
    p1, p2 = 6.28 * torch.rand(n, 1), 6.28 * torch.rand(n, 1)
    return torch.sin(f1 * t + p1) + 0.7 * torch.sin(f2 * t + p2) + 0.03 * torch.randn(n, length)


class NextValue(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.read = nn.Linear(hidden, 1)

    def forward(self, series):
        states, _ = self.gru(series.unsqueeze(-1))
        return self.read(states).squeeze(-1)


def initialise(model):
    for name, parameter in model.named_parameters():
        if "bias" in name:
            nn.init.zeros_(parameter)
        else:
            nn.init.constant_(parameter, 0.1)  # cure: nn.init.xavier_uniform_(parameter)


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=15)
    args = parser.parse_args(argv)
    torch.manual_seed(4)
    train, valid = waves(2000), waves(400)
    model = NextValue(args.hidden)
    initialise(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(1, args.epochs + 1):
        total = 0.0
        for chosen in torch.randperm(len(train)).split(50):
            series = train[chosen]
            loss = (model(series[:, :-1]) - series[:, 1:])[:, 8:].square().mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            total += loss.item() / 40
        with torch.no_grad():
            held = (model(valid[:, :-1]) - valid[:, 1:])[:, 8:].square().mean().item()
        print(f"epoch {epoch:2d}  train {total:.4f}  held out {held:.4f}")


if __name__ == "__main__":
    main()
