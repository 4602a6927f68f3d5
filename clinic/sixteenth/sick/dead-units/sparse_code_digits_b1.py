"""Learn a non-negative code of handwritten digits with an autoencoder."""
import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(3)


class SparseCoder(nn.Module):
    def __init__(self, n_pixels=64, n_code=96):
        super().__init__()
        self.encode = nn.Linear(n_pixels, n_code)
        self.decode = nn.Linear(n_code, n_pixels)
        nn.init.xavier_uniform_(self.encode.weight)
        nn.init.constant_(self.encode.bias, -3.0)  # cure: nn.init.zeros_(self.encode.bias)

    def forward(self, x):
        code = torch.relu(self.encode(x))
        return self.decode(code), code


def main():
    x = torch.tensor(load_digits().data, dtype=torch.float32) / 16.0
    train, valid = train_test_split(x, test_size=0.25, random_state=0)
    mean = train.mean(0)
    train, valid = train - mean, valid - mean
    loader = torch.utils.data.DataLoader(train, batch_size=64, shuffle=True)
    net = SparseCoder()
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(1, 41):
        net.train()
        total = 0.0
        for batch in loader:
            out, code = net(batch)
            loss = ((out - batch) ** 2).mean() + 3e-3 * code.abs().mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(batch)
        net.eval()
        with torch.no_grad():
            out, code = net(valid)
            err = ((out - valid) ** 2).mean() / valid.var()
            active = (code > 0).float().mean()
        if epoch % 4 == 0 or epoch == 1:
            print(f"epoch {epoch:3d}  train {total / len(train):.5f}  "
                  f"unexplained variance {err:.3f}  active {active:.3f}")


if __name__ == "__main__":
    main()
