"""Node classification on a random geometric graph: does a node's surroundings, a few hops wide, hold more red than blue?"""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(6)
N, HOPS, WIDTH = 1200, 3, 32

place = torch.rand(N, 2)
near = (torch.cdist(place, place) < 0.05).float()
near.fill_diagonal_(1.0)
degree = near.sum(1, keepdim=True)
mixing = near / degree
colour = torch.randn(N, 1)
reach = mixing @ (mixing @ (mixing @ colour))
label = (reach.squeeze(1) > reach.median()).long()
inputs = torch.cat([colour, torch.randn(N, 2)], dim=1)


class Hop(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.own = nn.Linear(width, width)
        self.others = nn.Linear(width, width, bias=False)

    def forward(self, h, mixing):
        return F.relu(self.own(h) + self.others(mixing @ h))


class HopNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(3, WIDTH)
        self.hops = nn.ModuleList(Hop(WIDTH) for _ in range(HOPS))
        self.leave = nn.Linear(WIDTH, 2)

    def forward(self, x, mixing):
        start = F.relu(self.enter(x))
        h = start
        for hop in self.hops:
            h = hop(start, mixing)  # cure: h = hop(h, mixing)
        return self.leave(h)


shuffled = torch.randperm(N)
train, valid = shuffled[:800], shuffled[800:]
model = HopNet()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-3)
for epoch in range(1, 101):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(inputs, mixing)[train], label[train])
    loss.backward()
    optimizer.step()
    if epoch % 10 == 0:
        model.eval()
        with torch.no_grad():
            logits = model(inputs, mixing)
        hit = logits.argmax(1) == label
        print(f"{epoch:4d}  train loss {loss.item():.4f}  valid loss {F.cross_entropy(logits[valid], label[valid]).item():.4f}  train acc {hit[train].float().mean():.3f}  valid acc {hit[valid].float().mean():.3f}")
