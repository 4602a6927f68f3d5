"""k-sparse autoencoder (Makhzani & Frey): only the strongest code units of each sample stay on (24 at first, then 6)."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits


class KSparse(nn.Module):
    def __init__(self, n_in=64, n_code=32, k=24):
        super().__init__()
        self.k = k
        self.encode = nn.Linear(n_in, n_code)
        self.decode = nn.Linear(n_code, n_in)

    def forward(self, x):
        code = self.encode(x)
        top = code.topk(self.k, dim=1)
        sparse = torch.zeros_like(code).scatter(1, top.indices, top.values)
        return self.decode(sparse), sparse


def main():
    torch.manual_seed(13)
    x = torch.tensor(load_digits().data).float()
    x = (x - x.mean()) / x.std()
    x = x[torch.randperm(len(x))]
    train, test = x[:1400], x[1400:]
    model = KSparse()
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(1, 41):
        model.k = max(6, 25 - epoch)
        total = 0.0
        for batch in train[torch.randperm(len(train))].split(50):
            out, _ = model(batch)
            loss = nn.functional.mse_loss(out, batch)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() / 28
        if epoch % 5 == 0:
            with torch.no_grad():
                out, code = model(test)
                used = (code != 0).any(0).sum().item()
                err = nn.functional.mse_loss(out, test).item()
            print(f"epoch {epoch:2d} train {total:.4f} test {err:.4f} code units used {used}/32")


main()
