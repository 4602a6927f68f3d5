"""Route a patient to one of five wards from a list of twelve symptom codes (one attention layer)."""
import torch
import torch.nn as nn
import torch.nn.functional as F

CODES, LENGTH, WARDS = 30, 12, 5


def admissions(n, gen, severity):
    codes = torch.randint(0, CODES, (n, LENGTH), generator=gen)
    weight = torch.where(torch.arange(LENGTH) < LENGTH // 2, 1.0, 0.5)
    total = (severity[codes] * weight[:, None]).sum(1)
    return codes, total.argmax(1)


class SelfAttention(nn.Module):
    def __init__(self, dim, heads=2):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = self.qkv(x).view(n, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        att = (q @ k.transpose(-1, -2) / (d // self.heads) ** 0.5).softmax(-1)
        return self.proj((att @ v).transpose(1, 2).reshape(n, t, d))


class WardRouter(nn.Module):
    def __init__(self, dim=32, p=0.3):
        super().__init__()
        self.p = p
        self.code = nn.Embedding(CODES, dim)
        self.place = nn.Parameter(0.1 * torch.randn(LENGTH, dim))
        self.attend, self.norm = SelfAttention(dim), nn.LayerNorm(dim)
        self.fc1 = nn.Linear(dim, 64)
        self.fc2 = nn.Linear(64, WARDS)

    def drop(self, x):
        return F.dropout(x, self.p)  # cure: return F.dropout(x, self.p, self.training)

    def forward(self, codes):
        x = self.drop(self.code(codes) + self.place)
        x = self.norm(x + self.drop(self.attend(x))).mean(1)
        return self.fc2(self.drop(F.gelu(self.fc1(x))))


def main():
    torch.manual_seed(27)
    gen = torch.Generator().manual_seed(27)
    severity = torch.randn(CODES, WARDS, generator=gen)
    x, y = admissions(2400, gen, severity)
    xv, yv = admissions(600, gen, severity)
    model = WardRouter()
    opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
    for epoch in range(1, 11):
        model.train()
        total = 0.0
        for idx in torch.randperm(len(x)).split(60):
            loss = F.cross_entropy(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        model.eval()
        with torch.no_grad():
            out = model(xv)
        print(f"epoch {epoch:2d}  train loss {total / len(x):.3f}  val loss {F.cross_entropy(out, yv).item():.3f}  "
              f"val acc {(out.argmax(1) == yv).float().mean().item():.3f}")


main()
