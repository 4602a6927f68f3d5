"""Which properties has the digit on the picture: even, prime, round strokes, above five, straight strokes?"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

PROPERTIES = {
    "even": {0, 2, 4, 6, 8},
    "prime": {2, 3, 5, 7},
    "round": {0, 3, 6, 8, 9},
    "above five": {6, 7, 8, 9},
    "straight": {1, 4, 7},
}


def load():
    images, digits = load_digits(return_X_y=True)
    x = torch.tensor(images / 16, dtype=torch.float32)
    tags = torch.tensor([[float(d in members) for members in PROPERTIES.values()] for d in digits])
    order = torch.randperm(len(x))
    return x[order], tags[order]


class Tagger(nn.Module):
    def __init__(self, properties):
        super().__init__()
        self.hidden = nn.Linear(64, 64)
        self.norm = nn.LayerNorm(64)
        self.drop = nn.Dropout(0.2)
        self.out = nn.Linear(64, properties)

    def forward(self, x):
        return self.out(self.drop(F.gelu(self.norm(self.hidden(x)))))


torch.manual_seed(37)
x, tags = load()
model = Tagger(len(PROPERTIES))
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
for epoch in range(1, 25):
    model.train()
    total = 0.0
    for rows in torch.randperm(1400).split(50):
        optimizer.zero_grad()
        loss = F.cross_entropy(
            model(x[rows]), tags[rows]
        )  # cure: loss = F.binary_cross_entropy_with_logits(model(x[rows]), tags[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() / 28
    if epoch % 4 == 0:
        model.eval()
        with torch.no_grad():
            said = torch.sigmoid(model(x[1400:])) > 0.5
        right = (said == tags[1400:].bool()).float().mean(0)
        print(
            f"epoch {epoch:2d}  loss {total:.4f}  "
            + "  ".join(f"{k} {v:.2f}" for k, v in zip(PROPERTIES, right.tolist()))
        )
