"""Snapshot ensemble: cosine schedule with warm restarts, the network at the end of every cycle votes."""
import copy

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

CYCLES, LENGTH, BATCH = 4, 8, 50


def main():
    torch.manual_seed(0)
    d = load_digits()
    x = ((d.data - d.data.mean()) / d.data.std()).astype("float32")
    xa, xb, ya, yb = (torch.tensor(a) for a in train_test_split(x, d.target, test_size=0.3, random_state=2))
    net = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Dropout(0.3), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 10))
    opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-3)
    batches = -(-len(xa) // BATCH)
    sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, LENGTH * batches, eta_min=1e-4)
    members = []
    for epoch in range(CYCLES * LENGTH):
        net.train()
        total = 0.0
        for i in torch.randperm(len(xa)).split(BATCH):
            loss = F.cross_entropy(net(xa[i]), ya[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            sched.step()
            total += loss.item() / batches
        if (epoch + 1) % LENGTH == 0:
            members.append(copy.deepcopy(net).eval())
        net.eval()
        with torch.no_grad():
            val = F.cross_entropy(net(xb), yb)
        print(f"epoch {epoch + 1:2d} lr {opt.param_groups[0]['lr']:.4f} train {total:.4f} val {val:.4f}")
    with torch.no_grad():
        vote = sum(m(xb).softmax(1) for m in members)
    print(f"accuracy of {len(members)} snapshots: {(vote.argmax(1) == yb).float().mean():.4f}")


main()
