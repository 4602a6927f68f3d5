"""Compresses 8x8 digits to six numbers with a dense autoencoder trained by momentum SGD."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(31)
pixels = torch.tensor(load_digits().data / 16.0, dtype=torch.float32) - 0.3
train, test = train_test_split(pixels, test_size=0.2, random_state=31)


class AutoEncoder(nn.Module):
    def __init__(self, code=6):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, code))
        self.decoder = nn.Sequential(nn.Linear(code, 48), nn.ReLU(), nn.Linear(48, 64))

    def forward(self, x):
        return self.decoder(self.encoder(x))


def epochs(model, base_lr=0.1, batch=32, n_epochs=30):
    criterion = nn.MSELoss()
    lr = base_lr / len(train)  # cure: lr = base_lr
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    for epoch in range(1, n_epochs + 1):
        running = 0.0
        for idx in torch.randperm(len(train)).split(batch):
            optimizer.zero_grad()
            loss = criterion(model(train[idx]), train[idx])
            loss.backward()
            optimizer.step()
            running += loss.item() * len(idx)
        yield epoch, running / len(train)


model = AutoEncoder()
variance = test.var(0, unbiased=False).mean().item()
for epoch, train_loss in epochs(model):
    if epoch % 5 == 0:
        with torch.no_grad():
            err = (model(test) - test).pow(2).mean().item()
        print(f"epoch {epoch:3d}  train {train_loss:.4f}  test {err:.4f}  explained variance {1 - err / variance:.3f}")
