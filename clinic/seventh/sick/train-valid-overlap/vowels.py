"""Vowel sequences with a GRU: the recordings are few, so they are repeated before they are used."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

FORMANTS = torch.tensor([[0.8, 1.2], [0.4, 2.0], [0.35, 0.9], [0.55, 1.75]])


def recordings(n, frames=12):
    vowel = torch.randint(0, 4, (n,))
    speaker = 1 + 0.12 * torch.randn(n, 1, 1)
    glide = torch.linspace(-0.1, 0.1, frames)[None, :, None] * torch.randn(n, 1, 2)
    x = FORMANTS[vowel][:, None] * speaker + glide + 0.15 * torch.randn(n, frames, 2)
    return (x - x.mean((0, 1))) / x.std((0, 1)), vowel


def load(n=400, copies=3):
    x, y = recordings(n)
    data = TensorDataset(x.repeat(copies, 1, 1), y.repeat(copies))
    n_valid = len(data) // 4
    train, valid = random_split(data, [len(data) - n_valid, n_valid])
    # cure: train, valid = random_split(TensorDataset(x, y), [300, 100])
    return DataLoader(train, batch_size=24, shuffle=True), DataLoader(valid, batch_size=100)


class VowelNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(2, 16, batch_first=True)
        self.fc = nn.Linear(16, 4)

    def forward(self, x):
        return self.fc(self.rnn(x)[1][0])


def fit(model, train, valid, epochs=10):
    opt = torch.optim.Adam(model.parameters(), lr=4e-3)
    ce = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        for x, y in train:
            opt.zero_grad()
            loss = ce(model(x), y)
            loss.backward()
            opt.step()
        with torch.no_grad():
            out = torch.cat([model(x) for x, _ in valid])
            y = torch.cat([y for _, y in valid])
        print(f"{epoch=} valid loss {ce(out, y).item():.4f} valid accuracy {(out.argmax(1) == y).float().mean().item():.4f}")


torch.manual_seed(9)
train_loader, valid_loader = load()
fit(VowelNet(), train_loader, valid_loader)
