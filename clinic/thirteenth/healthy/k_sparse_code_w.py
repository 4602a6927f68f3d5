"""k-sparse autoencoder with tied weights: of 96 units only the eight largest stay on for a digit."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class KSparse(nn.Module):
    def __init__(self, n_in=64, n_hidden=96, k=8):
        super().__init__()
        self.weight = nn.Parameter(nn.init.orthogonal_(torch.empty(n_hidden, n_in)) * 0.7)
        self.b_in = nn.Parameter(torch.zeros(n_hidden))
        self.b_out = nn.Parameter(torch.zeros(n_in))
        self.k = k

    def forward(self, x):
        h = F.linear(x - self.b_out, self.weight, self.b_in)
        top = h.topk(self.k, dim=1)
        code = torch.zeros_like(h).scatter(1, top.indices, top.values)
        return code @ self.weight + self.b_out, code


if __name__ == "__main__":
    torch.manual_seed(0)
    x = torch.tensor(load_digits().data, dtype=torch.float32)
    x = (x - x.mean(0)) / x.std()
    x = x[torch.randperm(len(x))]
    train, test = x[:1500], x[1500:]
    model = KSparse()
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(40):
        used = torch.zeros(96)
        total = 0.0
        for rows in torch.randperm(len(train)).split(50):
            out, code = model(train[rows])
            loss = F.mse_loss(out, train[rows])
            opt.zero_grad()
            loss.backward()
            opt.step()
            used += (code != 0).sum(0)
            total += loss.item() / 30
        if epoch % 4 == 3:
            with torch.no_grad():
                test_loss = F.mse_loss(model(test)[0], test)
            print(f"epoch {epoch + 1:2d} mse {total:.4f} test {test_loss:.4f} units used at all {(used > 0).sum().item()}/96")
