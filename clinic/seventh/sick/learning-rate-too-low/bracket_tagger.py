"""BiGRU tagger for bracketed expressions: is each token inside a bracket or not?"""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

hparams = dict(
    vocab=12, emb=16, hidden=24, length=20, batch_size=64, epochs=8,
    lr=2e-5,  # cure: lr=1e-2,
    weight_decay=0.01, warmup=10)


def make_data(n, length, vocab):
    """Tokens 0 and 1 open and close a bracket; the rest is filler."""
    tok = torch.randint(2, vocab, (n, length))
    tags = torch.zeros(n, length, dtype=torch.long)
    for row in range(n):
        a = torch.randint(0, length - 4, (1,)).item()
        b = torch.randint(a + 2, length, (1,)).item()
        tok[row, a], tok[row, b] = 0, 1
        tags[row, a + 1:b] = 1
    return TensorDataset(tok, tags)


class Tagger(nn.Module):
    def __init__(self, vocab, emb, hidden):
        super().__init__()
        self.emb = nn.Embedding(vocab, emb)
        self.rnn = nn.GRU(emb, hidden, batch_first=True, bidirectional=True)
        self.out = nn.Linear(2 * hidden, 2)

    def forward(self, x):
        return self.out(self.rnn(self.emb(x))[0])


def main(hp):
    torch.manual_seed(77)
    train = DataLoader(make_data(1000, hp["length"], hp["vocab"]), hp["batch_size"], shuffle=True)
    valid = DataLoader(make_data(250, hp["length"], hp["vocab"]), 250)
    model = Tagger(hp["vocab"], hp["emb"], hp["hidden"])
    opt = torch.optim.AdamW(model.parameters(), lr=hp["lr"], weight_decay=hp["weight_decay"])
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1.0, (s + 1) / hp["warmup"]))
    ce = nn.CrossEntropyLoss()
    for epoch in range(hp["epochs"]):
        model.train()
        tot = 0.0
        for tok, tag in train:
            loss = ce(model(tok).flatten(0, 1), tag.flatten())
            opt.zero_grad()
            loss.backward()
            opt.step()
            sched.step()
            tot += loss.item()
        model.eval()
        with torch.no_grad():
            tok, tag = next(iter(valid))
            acc = (model(tok).argmax(-1) == tag).float().mean().item()
        print(f"epoch {epoch + 1}: loss {tot / len(train):.4f} tag accuracy {acc:.4f}")


main(hparams)
