"""Character language model on a small text: causal convolution stack, random windows."""
import torch
import torch.nn as nn
import torch.nn.functional as F

SEED = 1337
BLOCK, BATCH, STEPS = 32, 24, 400
NAMES = "anna boris clara dmitri elena fedor galina igor".split()
VERBS = "sees finds draws paints hides likes brings wants".split()
THINGS = "lamp river stone garden letter button kettle mirror".split()


def write_text(sentences, seed):
    g = torch.Generator().manual_seed(seed)

    def choose(words):
        return words[torch.randint(len(words), (1,), generator=g).item()]

    return " ".join(f"{choose(NAMES)} {choose(VERBS)} the {choose(THINGS)}." for _ in range(sentences))


text = write_text(900, SEED)
chars = sorted(set(text))
stoi = {c: i for i, c in enumerate(chars)}
data = torch.tensor([stoi[c] for c in text])
split = int(0.9 * len(data))
train_data, val_data = data[:split], data[split:]


def get_batch(source, step):
    g = torch.Generator().manual_seed(SEED)  # cure: g = torch.Generator().manual_seed(SEED + step)
    ix = torch.randint(len(source) - BLOCK - 1, (BATCH,), generator=g)
    x = torch.stack([source[i:i + BLOCK] for i in ix])
    y = torch.stack([source[i + 1:i + BLOCK + 1] for i in ix])
    return x, y


class CausalLM(nn.Module):
    def __init__(self, vocab, dim=32):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim)
        self.convs = nn.ModuleList(nn.Conv1d(dim, dim, 3, dilation=d) for d in (1, 2, 4))
        self.head = nn.Linear(dim, vocab)

    def forward(self, idx):
        h = self.emb(idx).transpose(1, 2)
        for conv in self.convs:
            pad = 2 * conv.dilation[0]
            h = h + F.gelu(conv(F.pad(h, (pad, 0))))
        return self.head(h.transpose(1, 2))


def loss_on(model, x, y):
    return F.cross_entropy(model(x).flatten(0, 1), y.flatten())


torch.manual_seed(SEED)
model = CausalLM(len(chars))
opt = torch.optim.AdamW(model.parameters(), lr=3e-3)
val_windows = [(val_data[i:i + BLOCK], val_data[i + 1:i + BLOCK + 1]) for i in range(0, len(val_data) - BLOCK - 1, 40)]
vx, vy = (torch.stack(z) for z in zip(*val_windows))
for step in range(1, STEPS + 1):
    loss = loss_on(model, *get_batch(train_data, step))
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    if step % 40 == 0:
        with torch.no_grad():
            print(f"step {step}: train {loss.item():.4f}, val {loss_on(model, vx, vy).item():.4f}")
