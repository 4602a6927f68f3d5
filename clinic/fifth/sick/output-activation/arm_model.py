"""Forward kinematics of a three-joint arm: predict the (x, y) of the hand from the joint angles."""
import torch
from torch import nn

LINKS = (1.0, 0.7, 0.4)


def hand(q):
    ang = q.cumsum(1)
    L = torch.tensor(LINKS)
    return torch.stack([(L * ang.cos()).sum(1), (L * ang.sin()).sum(1)], 1)


class MLP(nn.Module):
    def __init__(self, dims, act=nn.ReLU):
        super().__init__()
        blocks = []
        for i in range(len(dims) - 1):
            blocks.append(nn.Linear(dims[i], dims[i + 1]))
            if i < len(dims) - 1:  # cure: if i < len(dims) - 2:
                blocks.append(act())
        self.body = nn.Sequential(*blocks)

    def forward(self, q):
        return self.body(q)


def fit(net, q, xy, q_test, xy_test, epochs=15, lr=3e-3):
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    for e in range(epochs):
        tot = 0.0
        for i in torch.randperm(len(q)).split(100):
            loss = (net(q[i]) - xy[i]).square().mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot += loss.item() * len(i)
        with torch.no_grad():
            miss = (net(q_test) - xy_test).norm(dim=1).mean()
        print(f"epoch {e + 1} mse {tot / len(q):.4f} mean miss {miss:.3f}")


torch.manual_seed(6)
q = (torch.rand(5000, 3) * 2 - 1) * 2.0
xy = hand(q)
fit(MLP([3, 64, 64, 2]), q[:4000], xy[:4000], q[4000:], xy[4000:])
