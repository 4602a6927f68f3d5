"""Wine cultivars (numbered 1 to 3, as in the original UCI file) with label smoothing."""
import io
import numpy as np
import torch
from sklearn.datasets import load_wine
from torch import nn

N_CLASSES = 3


def uci_file():
    wine = load_wine()
    buffer = io.StringIO()
    np.savetxt(buffer, np.column_stack([wine.target + 1, wine.data]), delimiter=",", fmt="%.4f")
    buffer.seek(0)
    return buffer


def smooth_targets(labels, eps=0.05):
    hot = (labels[:, None] == torch.arange(N_CLASSES)).float()
    return hot * (1 - eps) + hot.sum(1, keepdim=True) * eps / N_CLASSES


def soft_cross_entropy(logits, labels):
    return -(smooth_targets(labels) * logits.log_softmax(1)).sum(1).mean()


def main():
    torch.manual_seed(9)
    table = np.loadtxt(uci_file(), delimiter=",")
    rng = np.random.default_rng(9)
    rng.shuffle(table)
    x = torch.tensor(table[:, 1:], dtype=torch.float32)
    y = torch.tensor(table[:, 0]).long()  # cure: y = torch.tensor(table[:, 0]).long() - 1
    mu, sd = x[:130].mean(0), x[:130].std(0)
    x = (x - mu) / sd
    model = nn.Sequential(nn.Linear(13, 20), nn.ReLU(), nn.Dropout(0.2), nn.Linear(20, N_CLASSES))
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=0.02)
    for epoch in range(40):
        model.train()
        total = 0.0
        for idx in torch.randperm(130).split(13):
            loss = soft_cross_entropy(model(x[idx]), y[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() / 10
        model.eval()
        with torch.no_grad():
            logits = model(x[130:])
        if epoch % 5 == 4:
            print(f"epoch {epoch + 1} train {total:.4f} valid {soft_cross_entropy(logits, y[130:]):.4f} "
                  f"valid acc {(logits.argmax(1) == y[130:]).float().mean():.3f}")


main()
