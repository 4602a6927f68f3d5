"""A small causal transformer on sequences from a fixed Markov chain; input and output embedding are one tensor. The loss
cannot fall below the entropy of the chain, which is printed first."""
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(4)
V, T = 24, 24
chain = torch.softmax(2.0 * torch.randn(V, V), dim=1)
weight = torch.linalg.matrix_power(chain, 50)[0]
print(f"entropy of the chain: {-(weight[:, None] * chain * chain.log()).sum().item():.4f}")


def sequences(n):
    s = [torch.multinomial(weight, n, replacement=True)]
    for _ in range(T):
        s.append(torch.multinomial(chain[s[-1]], 1).squeeze(1))
    return torch.stack(s, 1)


class Model(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.embed = nn.Embedding(V, width)
        self.place = nn.Parameter(torch.zeros(T, width))
        self.block = nn.TransformerEncoderLayer(width, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, V)
        self.out.weight = self.embed.weight
        nn.init.normal_(self.embed.weight, std=0.3)
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(T))

    def forward(self, s):
        h = self.block(self.embed(s) + self.place, src_mask=self.mask, is_causal=True)
        return self.out(self.norm(h))


model = Model()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
warm = torch.optim.lr_scheduler.LinearLR(optimizer, 0.02, total_iters=40)
decay = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 460)
schedule = torch.optim.lr_scheduler.SequentialLR(optimizer, [warm, decay], milestones=[40])
held = sequences(500)
for step in range(1, 501):
    s = sequences(64)
    loss = F.cross_entropy(model(s[:, :-1]).flatten(0, 1), s[:, 1:].flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    schedule.step()
    if step % 50 == 0:
        model.eval()
        with torch.no_grad():
            test = F.cross_entropy(model(held[:, :-1]).flatten(0, 1), held[:, 1:].flatten())
        model.train()
        print(f"step {step:3d}  loss {loss.item():.4f}  held out {test.item():.4f}")
