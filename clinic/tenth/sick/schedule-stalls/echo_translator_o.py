"""Sequence labelling: every position must name the symbol seen two positions earlier (LSTM, warm-up and linear decay)."""
import argparse
import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=12)
parser.add_argument("--warmup", type=int, default=20)
parser.add_argument("--batch", type=int, default=32)
parser.add_argument("--lr", type=float, default=4e-3)
args = parser.parse_args()
torch.manual_seed(16)
SYMBOLS, LEN = 12, 16

seqs = torch.randint(0, SYMBOLS, (1200, LEN))
echo = seqs.roll(2, dims=1)
echo[:, :2] = 0
train_x, train_y, val_x, val_y = seqs[:960], echo[:960], seqs[960:], echo[960:]
steps_per_epoch = len(train_x) // args.batch
total_steps = args.epochs * 5  # cure: total_steps = args.epochs * steps_per_epoch


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(SYMBOLS, 16)
        self.lstm = nn.LSTM(16, 40, batch_first=True)
        self.out = nn.Linear(40, SYMBOLS)

    def forward(self, x):
        return self.out(self.lstm(self.emb(x))[0])


def factor(step):
    if step < args.warmup:
        return (step + 1) / args.warmup
    return max(0.0, (total_steps - step) / (total_steps - args.warmup))


model = Tagger()
opt = torch.optim.AdamW(model.parameters(), lr=args.lr)
sched = torch.optim.lr_scheduler.LambdaLR(opt, factor)
ce = nn.CrossEntropyLoss()
for epoch in range(args.epochs):
    for idx in torch.randperm(len(train_x)).split(args.batch):
        opt.zero_grad()
        loss = ce(model(train_x[idx]).transpose(1, 2), train_y[idx])
        loss.backward()
        opt.step()
        sched.step()
    with torch.no_grad():
        out = model(val_x)
        acc = (out.argmax(-1) == val_y)[:, 2:].float().mean().item()
        print(f"epoch {epoch + 1}: loss {ce(out.transpose(1, 2), val_y).item():.4f} echo accuracy {acc:.3f}")
