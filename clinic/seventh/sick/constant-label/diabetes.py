"""Will the disease progress more than usual? Binary classifier on the diabetes data."""
import numpy as np
import torch
from sklearn.datasets import load_diabetes
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def load(seed):
    bunch = load_diabetes()
    x = bunch.data / bunch.data.std(0)
    y = (bunch.target > 0.5).astype(np.float32)  # cure: y = (bunch.target > np.median(bunch.target)).astype(np.float32)
    parts = train_test_split(x.astype(np.float32), y, test_size=0.3, random_state=seed)
    return [torch.from_numpy(p) for p in parts]


class Logit(nn.Module):
    def __init__(self, n_in, n_hidden=16):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(n_in, n_hidden), nn.ELU(), nn.Dropout(0.3), nn.Linear(n_hidden, 1))

    def forward(self, x):
        return self.layers(x)[:, 0]


def auc(y, score):
    return roc_auc_score(y, score) if len(np.unique(y)) > 1 else float("nan")


def main(seed=2, epochs=20):
    torch.manual_seed(seed)
    x_train, x_valid, y_train, y_valid = load(seed)
    loader = DataLoader(TensorDataset(x_train, y_train), batch_size=31, shuffle=True)
    model = Logit(x_train.shape[1])
    opt = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-3)
    bce = nn.BCEWithLogitsLoss()
    for epoch in range(1, epochs + 1):
        model.train()
        run = 0.0
        for x, y in loader:
            loss = bce(model(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            run += loss.item() / len(loader)
        model.eval()
        with torch.no_grad():
            score = model(x_valid)
        if epoch % 2 == 0:
            acc = ((score > 0).float() == y_valid).float().mean().item()
            print(f"{epoch:>3} train {run:.4f} valid {bce(score, y_valid).item():.4f} acc {acc:.3f} auc {auc(y_valid.numpy(), score.numpy()):.3f}")


main()
