"""Recall task: a sequence opens with one of four cue symbols and goes on with distractors;
the recurrent network must name the cue after the last step."""
import argparse
import torch
import torch.nn as nn
import torch.nn.functional as F

p = argparse.ArgumentParser()
p.add_argument("--length", type=int, default=25)
p.add_argument("--hidden", type=int, default=48)
p.add_argument("--steps", type=int, default=480)
p.add_argument("--lr", type=float, default=2e-3)
p.add_argument("--seed", type=int, default=1)
args = p.parse_args()
torch.manual_seed(args.seed)

N_CUE, N_SYM = 4, 10


def sample(n):
    cue = torch.randint(N_CUE, (n,))
    seq = torch.randint(N_CUE, N_SYM, (n, args.length))
    seq[:, 0] = cue
    return seq, cue


class Recall(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(N_SYM, 16)
        self.rnn = nn.RNN(16, args.hidden, batch_first=True)
        nn.init.uniform_(self.emb.weight, -0.5, 0.5)
        nn.init.uniform_(self.rnn.weight_hh_l0, -0.05, 0.05)  # cure: nn.init.orthogonal_(self.rnn.weight_hh_l0)
        self.out = nn.Linear(args.hidden, N_CUE)

    def forward(self, s):
        h, _ = self.rnn(self.emb(s))
        return self.out(h[:, -1])


model = Recall()
opt = torch.optim.Adam(model.parameters(), lr=args.lr)
val_s, val_c = sample(512)
running = 0.0
for step in range(1, args.steps + 1):
    s, c = sample(64)
    loss = F.cross_entropy(model(s), c)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    running += loss.item()
    if step % 60 == 0:
        with torch.no_grad():
            acc = (model(val_s).argmax(1) == val_c).float().mean().item()
        print(f"step {step:4d} loss {running / 60:.4f} recall {acc:.3f}")
        running = 0.0
