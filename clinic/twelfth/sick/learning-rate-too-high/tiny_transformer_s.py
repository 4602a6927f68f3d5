"""A two-layer transformer learns to copy a sequence backwards."""
import torch
from torch import nn

VOCAB, LEN, DIM = 12, 8, 48


class Reverser(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(VOCAB, DIM)
        self.pos = nn.Parameter(torch.randn(LEN, DIM) * 0.1)
        layer = nn.TransformerEncoderLayer(DIM, 4, 96, dropout=0.0, batch_first=True)
        self.block = nn.TransformerEncoder(layer, 2)
        self.out = nn.Linear(DIM, VOCAB)

    def forward(self, s):
        return self.out(self.block(self.tok(s) + self.pos))


def main(steps=300, batch=64, lr=0.1):  # cure: def main(steps=300, batch=64, lr=2e-3):
    torch.manual_seed(0)
    net = Reverser()
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    loss_fn = nn.CrossEntropyLoss()
    recent = []
    for step in range(1, steps + 1):
        s = torch.randint(0, VOCAB, (batch, LEN))
        target = s.flip(1)
        loss = loss_fn(net(s).reshape(-1, VOCAB), target.reshape(-1))
        opt.zero_grad()
        loss.backward()
        opt.step()
        recent.append(loss.item())
        if step % 30 == 0:
            with torch.no_grad():
                s = torch.randint(0, VOCAB, (256, LEN))
                acc = (net(s).argmax(-1) == s.flip(1)).float().mean().item()
            print(f"step {step:4d} | loss {sum(recent) / len(recent):.4f} | token accuracy {acc:.3f}")
            recent.clear()


if __name__ == "__main__":
    main()
