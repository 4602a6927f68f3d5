"""Learn to map word vectors of one dialect onto those of another, so that translations point the same way."""
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(17)
WORDS, DIM = 3000, 32
source = F.normalize(torch.randn(WORDS, DIM), dim=1)
rotation = torch.linalg.qr(torch.randn(DIM, DIM)).Q
target = F.normalize(source @ rotation + 0.3 * torch.tanh(3 * source.roll(1, 1)) + 0.03 * torch.randn(WORDS, DIM), dim=1)
train, valid = torch.arange(0, 2500), torch.arange(2500, WORDS)


class Mapper(nn.Module):
    def __init__(self):
        super().__init__()
        self.straight = nn.Linear(DIM, DIM)
        self.bend = nn.Sequential(nn.Linear(DIM, 64), nn.ReLU(), nn.Linear(64, DIM))

    def forward(self, x):
        return self.straight(x) + self.bend(x)


mapper = Mapper()
optimizer = torch.optim.Adam(mapper.parameters(), lr=2e-3)
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=20 * 25)
for epoch in range(20):
    mapper.train()
    losses = 0.0
    for batch in train[torch.randperm(len(train))].split(100):
        loss = F.cosine_similarity(mapper(source[batch]), target[batch]).mean()  # cure: loss = 1 - F.cosine_similarity(mapper(source[batch]), target[batch]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        losses += loss.item() / 25
    mapper.eval()
    with torch.no_grad():
        mapped = F.normalize(mapper(source[valid]), dim=1)
        nearest = (mapped @ target.T).argmax(1)
        precision = (nearest == valid).float().mean()
        cosine = (mapped * target[valid]).sum(1).mean()
    print(f"epoch {epoch:2d}  loss {losses:.4f}  valid cosine {cosine:.3f}  precision@1 {precision:.3f}")
