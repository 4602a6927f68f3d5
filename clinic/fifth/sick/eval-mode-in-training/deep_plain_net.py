"""A deep plain fully connected network (no skips) on a nonlinear two-dimensional pattern of rings."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def rings(n, g):
    x = torch.randn(n, 2, generator=g)
    y = (x.norm(dim=1) > 0.7).long() + (x.norm(dim=1) > 1.25).long() + (x.norm(dim=1) > 1.8).long()
    return x, y


class DeepNet(nn.Module):
    def __init__(self, width=32, depth=9):
        super().__init__()
        mods, d = [], 2
        for _ in range(depth):
            mods += [nn.Linear(d, width, bias=False), nn.BatchNorm1d(width), nn.ReLU()]
            d = width
        self.net = nn.Sequential(*mods, nn.Linear(d, 4))

    def forward(self, x):
        return self.net(x)


class Runner:
    def __init__(self, model, train, valid, lr=0.03):
        self.model, self.train, self.valid = model, train, valid
        self.opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9, weight_decay=1e-4)
        self.sched = torch.optim.lr_scheduler.ExponentialLR(self.opt, 0.85)
        self.ce = nn.CrossEntropyLoss()

    def validate(self):
        self.model.eval()
        with torch.no_grad():
            out = self.model(self.valid[0])
            return self.ce(out, self.valid[1]).item(), (out.argmax(1) == self.valid[1]).float().mean().item()

    def epoch(self):
        # cure: self.model.train()
        total = 0.0
        for x, y in self.train:
            self.opt.zero_grad()
            loss = self.ce(self.model(x), y)
            loss.backward()
            self.opt.step()
            total += loss.item()
        return total / len(self.train)

    def fit(self, epochs):
        print("before: valid loss %.4f acc %.3f" % self.validate())
        for e in range(1, epochs + 1):
            tl = self.epoch()
            self.sched.step()
            vl, acc = self.validate()
            print("epoch %2d: train %.4f  valid %.4f  acc %.3f" % (e, tl, vl, acc))


if __name__ == "__main__":
    torch.manual_seed(10)
    g = torch.Generator().manual_seed(10)
    train = DataLoader(TensorDataset(*rings(2500, g)), batch_size=125, shuffle=True)
    Runner(DeepNet(), train, rings(800, g)).fit(16)
