"""Tags a recipe (sweet, spicy, vegan, quick - any number of them) from its ingredients; mean of ingredient embeddings."""
import numpy as np
import torch
import torch.nn.functional as F

TAGS = ["sweet", "spicy", "vegan", "quick"]
PANTRY = dict(sugar="s", honey="s", chili="p", pepper="p", egg="a", milk="a", chicken="a", tofu="", rice="l", bread="",
              noodles="", lentils="l", apple="s", curry="p", cheese="a", spinach="", beans="l", tomato="", onion="", oats="")
NAMES = list(PANTRY)


def recipes(n, seed):
    rng = np.random.default_rng(seed)
    bags, tags = np.zeros((n, 5), dtype=np.int64), np.zeros((n, 4), dtype=np.float32)
    for r in range(n):
        bags[r] = rng.choice(len(NAMES), 5, replace=False)
        marks = "".join(PANTRY[NAMES[i]] for i in bags[r])
        tags[r] = ["s" in marks, "p" in marks, "a" not in marks, "l" not in marks]
    return torch.from_numpy(bags), torch.from_numpy(tags)


class Tagger(torch.nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.bag = torch.nn.EmbeddingBag(len(NAMES), dim, mode="sum")
        self.hidden = torch.nn.Linear(dim, 32)
        self.out = torch.nn.Linear(32, len(TAGS))

    def forward(self, x):
        return self.out(F.relu(self.hidden(self.bag(x))))


torch.manual_seed(161)
x, t = recipes(2500, 1)
xt, tt = recipes(600, 2)
model = Tagger()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(1, 16):
    total = 0.0
    for i in torch.randperm(len(x)).split(50):
        loss = F.cross_entropy(model(x[i]), t[i])  # cure: loss = F.binary_cross_entropy_with_logits(model(x[i]), t[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 50
    if epoch % 3 == 0:
        with torch.no_grad():
            hit = (model(xt) > 0).float() == tt
        each = ", ".join(f"{n} {h:.2f}" for n, h in zip(TAGS, hit.float().mean(0)))
        print(f"epoch {epoch} loss {total:.4f} all tags right {hit.all(1).float().mean():.3f} ({each})")
