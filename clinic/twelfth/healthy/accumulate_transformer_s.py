"""Key-value recall with a two-layer transformer; micro-batches of 4 sequences, gradients of 8 of them per step."""
import argparse

import torch
import torch.nn as nn


def get_args():
    p = argparse.ArgumentParser()
    p.add_argument("--dim", type=int, default=32)
    p.add_argument("--micro", type=int, default=4)
    p.add_argument("--accumulate", type=int, default=8)
    p.add_argument("--updates", type=int, default=220)
    p.add_argument("--lr", type=float, default=3e-3)
    return p.parse_args()


def make(n, pairs=4, keys=8, values=8):
    k = torch.rand(n, keys).argsort(1)[:, :pairs]
    v = torch.randint(0, values, (n, pairs))
    pick = torch.randint(0, pairs, (n,))
    ask = k[torch.arange(n), pick]
    seq = torch.cat([k * values + v, keys * values + ask.unsqueeze(1)], 1)
    return seq, v[torch.arange(n), pick]


class Recall(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.embed = nn.Embedding(8 * 8 + 8, dim)
        layer = nn.TransformerEncoderLayer(dim, 4, 2 * dim, dropout=0.0, batch_first=True, norm_first=True)
        self.body = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(dim, 8)

    def forward(self, seq):
        return self.head(self.body(self.embed(seq))[:, -1])


def main():
    a = get_args()
    torch.manual_seed(8)
    net = Recall(a.dim)
    opt = torch.optim.AdamW(net.parameters(), lr=a.lr, weight_decay=0.01)
    warm = torch.optim.lr_scheduler.LambdaLR(opt, lambda u: min(1.0, (u + 1) / 20))
    running, micro = 0.0, 0
    while micro < a.updates * a.accumulate:
        seq, answer = make(a.micro)
        loss = nn.functional.cross_entropy(net(seq), answer) / a.accumulate
        loss.backward()
        running += loss.item()
        micro += 1
        if micro % a.accumulate == 0:
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            opt.step()
            opt.zero_grad(set_to_none=True)
            warm.step()
        if micro % (20 * a.accumulate) == 0:
            with torch.no_grad():
                seq, answer = make(400)
                acc = (net(seq).argmax(1) == answer).float().mean().item()
            print(f"update {micro // a.accumulate}: loss {running / 20:.4f} accuracy {acc:.3f}")
            running = 0.0


main()
