"""Sparse coding of digits with tied weights: few of the units shall be active for an image (penalty on the activity)."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader


class Tied(nn.Module):
    def __init__(self, units=100):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(units, 64) * (1 / 64) ** 0.5)
        self.hidden_bias = nn.Parameter(torch.zeros(units))
        self.visible_bias = nn.Parameter(torch.zeros(64))

    def forward(self, x):
        code = F.relu(F.linear(x, self.weight, self.hidden_bias))
        return F.linear(code, self.weight.t(), self.visible_bias), code


def main():
    torch.manual_seed(30)
    x = torch.tensor(load_digits().data, dtype=torch.float32)
    x = x[torch.randperm(len(x))]
    x = (x - x[:1400].mean(0)) / x[:1400].std()
    train, valid = x[:1400], x[1400:]
    model = Tied()
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(1, 41):
        mean = 0.0
        for b in DataLoader(train, batch_size=32, shuffle=True):
            out, code = model(b)
            loss = F.mse_loss(out, b) + 1.0 * code.abs().mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
            mean += loss.item() * len(b) / len(train)
        if epoch % 4 == 0:
            with torch.no_grad():
                out, code = model(valid)
            print(f"epoch {epoch}: loss {mean:.4f} valid mse {F.mse_loss(out, valid):.4f} active {(code > 0).float().mean():.3f}"
                  f" units ever used {((code > 0).any(0)).sum().item()}/100")


main()
