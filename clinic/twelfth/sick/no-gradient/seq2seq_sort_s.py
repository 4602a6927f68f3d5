"""Sort short digit strings with an encoder-decoder made of two GRUs."""
import torch
import torch.nn as nn
import torch.nn.functional as F

VOCAB, LENGTH = 8, 6
START = VOCAB


class Seq2Seq(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.src = nn.Embedding(VOCAB, 24)
        self.tgt = nn.Embedding(VOCAB + 1, 24)
        self.encoder = nn.GRU(24, dim, batch_first=True)
        self.decoder = nn.GRU(24, dim, batch_first=True)
        self.proj = nn.Linear(dim, VOCAB)

    def encode(self, src):
        _, state = self.encoder(self.src(src))
        return state.detach()  # cure: return state

    def forward(self, src, tgt):
        shifted = torch.cat([torch.full_like(tgt[:, :1], START), tgt[:, :-1]], 1)
        out, _ = self.decoder(self.tgt(shifted), self.encode(src))
        return self.proj(out)

    @torch.no_grad()
    def sort(self, src):
        state = self.encode(src)
        token = torch.full((len(src), 1), START)
        result = []
        for _ in range(src.size(1)):
            out, state = self.decoder(self.tgt(token), state)
            token = self.proj(out).argmax(-1)
            result.append(token)
        return torch.cat(result, 1)


def draw(n):
    src = torch.randint(0, VOCAB, (n, LENGTH))
    return src, src.sort(1).values


torch.manual_seed(11)
model = Seq2Seq()
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
for it in range(1, 501):
    src, tgt = draw(64)
    loss = F.cross_entropy(model(src, tgt).transpose(1, 2), tgt)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 50 == 0:
        s, t = draw(300)
        right = (model.sort(s) == t).all(1).float().mean().item()
        print(f"{it:4d}: loss {loss.item():.3f}  strings sorted entirely {right:.3f}")
