"""Character-count classifier for long documents: micro-batches of four, a step after sixteen of them."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
VOCAB, LENGTH, CLASSES, ACCUMULATE = 50, 40, 4, 16
profile = torch.distributions.Dirichlet(torch.full((VOCAB,), 0.6)).sample((CLASSES,))
label = torch.randint(0, CLASSES, (4000,))
mixed = 0.5 * profile[label] + 0.5 / VOCAB
docs = torch.multinomial(mixed, LENGTH, replacement=True)
train = TensorDataset(docs[:3200], label[:3200])

model = nn.Sequential(nn.EmbeddingBag(VOCAB, 24, mode="mean"), nn.Linear(24, 32), nn.ReLU(), nn.Linear(32, CLASSES))
opt = torch.optim.AdamW(model.parameters(), lr=6e-3, weight_decay=1e-2)
for epoch in range(1, 11):
    total = 0.0
    opt.zero_grad()
    for k, (x, y) in enumerate(DataLoader(train, batch_size=4, shuffle=True), 1):
        loss = nn.functional.cross_entropy(model(x), y)
        (loss / ACCUMULATE).backward()
        total += loss.item()
        if k % ACCUMULATE == 0:
            opt.step()
            opt.zero_grad()
    with torch.no_grad():
        out = model(docs[3200:])
        val = nn.functional.cross_entropy(out, label[3200:])
        acc = (out.argmax(1) == label[3200:]).float().mean()
    print(f"epoch {epoch:2d}: train {total / k:.4f} valid {val:.4f} accuracy {acc:.3f}")
