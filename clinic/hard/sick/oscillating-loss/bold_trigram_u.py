"""Character model with a context of three, full-batch gradient descent and a self-tuning rate:
speed up while the loss falls, slow down when it rises."""
import torch
import torch.nn.functional as F
from torch import nn

TEXT = """the quick brown fox jumps over the lazy dog and the dog does not mind at all.
a wizard's job is to vex chumps quickly in fog, while the fog rolls over the quiet hills.
the five boxing wizards jump quickly; the hills answer with a low and lazy sound.
when the sound fades the fox returns to the brook and drinks the cold brown water.
all the while the wizards watch the fox, and the fox watches the wizards, until the night comes."""

chars = sorted(set(TEXT))
ids = torch.tensor([chars.index(c) for c in TEXT])
ctx = torch.stack([ids[i:len(ids) - 3 + i] for i in range(3)], 1)
nxt = ids[3:]


class CharNet(nn.Module):
    def __init__(self, vocab, dim=8, hidden=48):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim)
        self.hid = nn.Linear(3 * dim, hidden)
        self.out = nn.Linear(hidden, vocab)

    def forward(self, c):
        return self.out(torch.tanh(self.hid(self.emb(c).flatten(1))))


class SelfTuning:
    def __init__(self, optimizer, up=1.45, down=0.55):  # cure: def __init__(self, optimizer, up=1.01, down=0.5):
        self.opt, self.up, self.down, self.last = optimizer, up, down, float("inf")

    def step(self, loss):
        group = self.opt.param_groups[0]
        group["lr"] *= self.up if loss <= self.last else self.down
        self.last = loss
        return group["lr"]


torch.manual_seed(7)
net = CharNet(len(chars))
opt = torch.optim.SGD(net.parameters(), lr=0.3)
tuner = SelfTuning(opt)
recent = []
for it in range(1, 1001):
    loss = F.cross_entropy(net(ctx), nxt)
    opt.zero_grad()
    loss.backward()
    opt.step()
    rate = tuner.step(loss.item())
    recent = recent[-39:] + [loss.item()]
    if it % 40 == 0:
        print(f"iter {it:4d}  loss {loss.item():.4f}  last 40: mean {sum(recent) / 40:.4f} lowest {min(recent):.4f} "
              f"highest {max(recent):.4f}  rate {rate:.3f}")
