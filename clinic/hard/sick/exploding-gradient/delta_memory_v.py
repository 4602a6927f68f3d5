"""Associative recall with a delta-rule fast-weight memory (as in DeltaNet): pairs (key, value) are
written one after the other into a matrix, the last symbol asks for one of the keys."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(17)
KEYS, VALUES, PAIRS, DIM = 12, 8, 24, 16


def sample(n):
    """Later writes of a key replace earlier ones; the answer is the latest value of the asked key."""
    k = torch.randint(KEYS, (n, PAIRS))
    v = torch.randint(VALUES, (n, PAIRS))
    ask = k[torch.arange(n), torch.randint(PAIRS, (n,))]
    when = torch.where(k == ask[:, None], torch.arange(PAIRS), torch.tensor(-1)).max(1).values
    return k, v, ask, v[torch.arange(n), when]


class DeltaMemory(nn.Module):
    def __init__(self):
        super().__init__()
        self.key_emb = nn.Embedding(KEYS, DIM)
        self.val_emb = nn.Embedding(VALUES, DIM)
        self.to_k = nn.Linear(DIM, DIM, bias=False)
        self.to_v = nn.Linear(DIM, DIM, bias=False)
        self.head = nn.Linear(DIM, VALUES)

    def address(self, symbols):
        k = self.to_k(self.key_emb(symbols))
        return k  # cure: return F.normalize(k, dim=-1)

    def forward(self, k, v, ask):
        keys, vals = self.address(k), self.to_v(self.val_emb(v))
        memory = keys.new_zeros(len(k), DIM, DIM)
        for t in range(PAIRS):
            kt = keys[:, t]
            stored = torch.einsum("bij,bj->bi", memory, kt)
            memory = memory + torch.einsum("bi,bj->bij", vals[:, t] - stored, kt)
        return self.head(torch.einsum("bij,bj->bi", memory, self.address(ask)))


class Trainer:
    def __init__(self, model, lr=4e-3):
        self.model = model
        self.opt = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=1e-4)
        self.test = sample(1000)

    def fit(self, steps=500, every=50, batch=64):
        for step in range(1, steps + 1):
            *inputs, answer = sample(batch)
            loss = F.cross_entropy(self.model(*inputs), answer)
            self.opt.zero_grad(set_to_none=True)
            loss.backward()
            self.opt.step()
            if step == 1 or step % every == 0:
                self.report(step, loss.item())

    @torch.no_grad()
    def report(self, step, train_loss):
        *inputs, answer = self.test
        out = self.model(*inputs)
        print(f"[{step:3d}] batch loss {train_loss:.4g} | test loss {F.cross_entropy(out, answer):.4g} "
              f"acc {(out.argmax(1) == answer).float().mean():.3f}")


Trainer(DeltaMemory()).fit()
