"""Recognise six 7x7 glyphs under noise and shifts; data come from one generator per glyph."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import ConcatDataset, DataLoader, TensorDataset

GLYPHS = {
    "plus": ["..#..", "..#..", "#####", "..#..", "..#.."],
    "ring": [".###.", "#...#", "#...#", "#...#", ".###."],
    "cross": ["#...#", ".#.#.", "..#..", ".#.#.", "#...#"],
    "stairs": ["#....", "##...", "###..", "####.", "#####"],
    "tee": ["#####", "..#..", "..#..", "..#..", "..#.."],
    "vee": ["#...#", "#...#", ".#.#.", ".#.#.", "..#.."],
}


def render(name, count, rng):
    base = np.array([[c == "#" for c in row] for row in GLYPHS[name]], dtype=np.float32)
    imgs = np.zeros((count, 7, 7), dtype=np.float32)
    for k in range(count):
        r, c = rng.integers(0, 3, 2)
        imgs[k, r:r + 5, c:c + 5] = base
    imgs += rng.normal(0, 0.45, imgs.shape)
    return torch.tensor((imgs - 0.2) / 0.6, dtype=torch.float32)


def build_dataset(per_class, seed):
    rng = np.random.default_rng(seed)
    return ConcatDataset([
        TensorDataset(render(name, per_class, rng), torch.full((per_class,), k))
        for k, name in enumerate(GLYPHS)
    ])


class Trainer:
    def __init__(self, model, train_set, val_set, batch_size=32):
        self.model = model
        self.train_loader = DataLoader(train_set, batch_size)  # cure: self.train_loader = DataLoader(train_set, batch_size, shuffle=True)
        self.val_loader = DataLoader(val_set, 256)
        self.optimizer = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9)
        self.loss_fn = nn.CrossEntropyLoss()

    def run_epoch(self):
        self.model.train()
        losses = []
        for x, y in self.train_loader:
            loss = self.loss_fn(self.model(x), y)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            losses.append(loss.item())
        return float(np.mean(losses))

    @torch.no_grad()
    def evaluate(self):
        self.model.eval()
        hits = sum((self.model(x).argmax(1) == y).sum().item() for x, y in self.val_loader)
        return hits / len(self.val_loader.dataset)


torch.manual_seed(12)
net = nn.Sequential(nn.Flatten(), nn.Linear(49, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, 6))
trainer = Trainer(net, build_dataset(400, 1), build_dataset(100, 2))
for epoch in range(1, 11):
    loss = trainer.run_epoch()
    print(f"epoch {epoch:2d}  loss {loss:.4f}  val accuracy {trainer.evaluate():.3f}")
