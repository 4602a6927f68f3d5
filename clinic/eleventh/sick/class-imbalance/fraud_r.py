"""Spot fraudulent card payments (about 2 % of all) with a small network on anonymised features."""
import logging
import sys

import numpy as np
import torch
from sklearn.datasets import make_classification
from sklearn.metrics import balanced_accuracy_score, recall_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
log = logging.getLogger("fraud")


def get_data():
    x, y = make_classification(6000, 16, n_informative=6, n_redundant=2, weights=[0.98], flip_y=0,
                               n_clusters_per_class=1, class_sep=0.45, random_state=3)
    xa, xb, ya, yb = train_test_split(x, y, test_size=0.3, stratify=y, random_state=0)
    sc = StandardScaler().fit(xa)
    return [torch.tensor(v, dtype=torch.float32) for v in (sc.transform(xa), sc.transform(xb), ya, yb)]


def main():
    torch.manual_seed(0)
    xa, xb, ya, yb = get_data()
    log.info("train %d payments, %d frauds", len(ya), int(ya.sum()))
    net = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 1))
    criterion = nn.BCEWithLogitsLoss()  # cure: criterion = nn.BCEWithLogitsLoss(pos_weight=(1 - ya).sum() / ya.sum())
    opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-2)
    loader = DataLoader(TensorDataset(xa, ya), batch_size=128, shuffle=True)
    for epoch in range(1, 21):
        net.train()
        losses = []
        for x, y in loader:
            loss = criterion(net(x).squeeze(1), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        net.eval()
        with torch.no_grad():
            pred = (net(xb).squeeze(1) > 0).int().numpy()
        log.info("epoch %2d loss %.4f accuracy %.3f balanced %.3f recall %.3f", epoch, np.mean(losses),
                 (pred == yb.numpy()).mean(), balanced_accuracy_score(yb, pred), recall_score(yb, pred))


if __name__ == "__main__":
    main()
