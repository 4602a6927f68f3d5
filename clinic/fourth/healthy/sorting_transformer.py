"""Transformer that sorts the digits of a part number; the learning rate is warmed up from zero, then decays."""
import torch
from torch import nn

LENGTH, SYMBOLS, WARMUP, STEPS = 8, 10, 150, 700


class Sorter(nn.Module):
    def __init__(self, dim=48):
        super().__init__()
        self.embed = nn.Embedding(SYMBOLS, dim)
        self.place = nn.Parameter(0.1 * torch.randn(LENGTH, dim))
        layer = nn.TransformerEncoderLayer(dim, 4, 96, dropout=0.0, batch_first=True, norm_first=True)
        self.body = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(dim, SYMBOLS)

    def forward(self, s):
        return self.out(self.body(self.embed(s) + self.place))


def factor(step):
    return step / WARMUP if step < WARMUP else (WARMUP / step) ** 0.5


def main():
    torch.manual_seed(6)
    model = Sorter()
    opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, factor)
    test = torch.randint(SYMBOLS, (500, LENGTH))
    for step in range(STEPS + 1):
        s = torch.randint(SYMBOLS, (64, LENGTH))
        loss = nn.functional.cross_entropy(model(s).transpose(1, 2), s.sort(1).values)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        sched.step()
        if step % 70 == 0:
            model.eval()
            with torch.no_grad():
                right = (model(test).argmax(2) == test.sort(1).values).float().mean().item()
            model.train()
            print(f"step {step:4d}  lr {sched.get_last_lr()[0]:.5f}  loss {loss.item():.4f}  symbols right {right:.3f}")


if __name__ == "__main__":
    main()
