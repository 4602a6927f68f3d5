"""Bag-of-words sentiment for short reviews; strong dropout since there are few labelled ones."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

VOCAB, POSITIVE, NEGATIVE = 400, np.arange(0, 40), np.arange(40, 80)


def reviews(n, seed):
    rng = np.random.default_rng(seed)
    counts = np.zeros((n, VOCAB), dtype=np.float32)
    y = rng.integers(0, 2, n)
    for row, label in zip(counts, y):
        tone = POSITIVE if label else NEGATIVE
        other = NEGATIVE if label else POSITIVE
        words = np.concatenate([rng.choice(tone, 5), rng.choice(other, 2), rng.integers(80, VOCAB, 24)])
        np.add.at(row, words, 1)
    flipped = rng.random(n) < (0.2 if seed == 1 else 0.0)  # the crowd workers are not always right
    return np.log1p(counts), np.where(flipped, 1 - y, y)


class Sentiment(nn.Module):
    def __init__(self, hidden=64, p_word=0.4, p_hidden=0.5):
        super().__init__()
        self.net = nn.Sequential(nn.Dropout(p_word), nn.Linear(VOCAB, hidden), nn.ReLU(), nn.Dropout(p_hidden), nn.Linear(hidden, 2))

    def forward(self, x):
        return self.net(x)


def load_model(seed):
    """Fresh model, or a stored one."""
    torch.manual_seed(seed)
    model = Sentiment()
    return model.eval()  # cure: return model


def main():
    model = load_model(15)
    x, y = reviews(350, 1)
    xv, yv = reviews(1500, 2)
    loader = DataLoader(TensorDataset(torch.tensor(x), torch.tensor(y)), batch_size=25, shuffle=True)
    xv, yv = torch.tensor(xv), torch.tensor(yv)
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    ce = nn.CrossEntropyLoss()
    for epoch in range(1, 31):
        was_training = model.training
        losses = []
        for xb, yb in loader:
            opt.zero_grad()
            loss = ce(model(xb), yb)
            loss.backward()
            opt.step()
            losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            out = model(xv)
        model.train(was_training)
        if epoch % 3 == 0:
            print(f"epoch {epoch:2d} train {np.mean(losses):.4f} valid {ce(out, yv).item():.4f} acc {(out.argmax(1) == yv).float().mean().item():.3f}")


main()
