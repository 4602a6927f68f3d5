"""Tags recipes from their ingredients: a recipe may be vegan, spicy, sweet and quick, in any combination."""
import random
import torch
from torch import nn

random.seed(30)
torch.manual_seed(30)
PANTRY = {
    "animal": ["beef", "egg", "butter", "cream", "honey", "fish", "cheese"],
    "hot": ["chili", "jalapeno", "cayenne", "harissa"],
    "sweet": ["sugar", "banana", "dates", "chocolate"],
    "slow": ["dried-beans", "shank", "yeast", "chestnut"],
    "plain": ["rice", "onion", "salt", "tomato", "oil", "lentils", "spinach", "noodles", "garlic", "lemon"],
}
WORDS = sorted(w for ws in PANTRY.values() for w in ws)
TAGS = ["vegan", "spicy", "sweet", "quick"]


def recipe():
    items = random.sample(PANTRY["plain"], 4)
    flags = {k: random.random() < 0.5 for k in ("animal", "hot", "sweet", "slow")}
    for k, on in flags.items():
        if on:
            items += random.sample(PANTRY[k], random.randint(1, 2))
    bag = torch.tensor([1.0 if w in items else 0.0 for w in WORDS])
    return bag, torch.tensor([not flags["animal"], flags["hot"], flags["sweet"], not flags["slow"]]).float()


bags, tags = map(torch.stack, zip(*(recipe() for _ in range(1500))))
model = nn.Sequential(nn.Linear(len(WORDS), 32), nn.ReLU(), nn.Linear(32, len(TAGS)))
criterion = nn.CrossEntropyLoss()  # cure: criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)

for epoch in range(12):
    total = 0.0
    for idx in torch.randperm(1100).split(44):
        optimizer.zero_grad()
        loss = criterion(model(bags[idx]), tags[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() / 25
    with torch.no_grad():
        found = (model(bags[1100:]) > 0).float()
    each = (found == tags[1100:]).float().mean(0)
    exact = (found == tags[1100:]).all(1).float().mean().item()
    print(f"epoch {epoch + 1:2d} loss {total:.4f} all tags right {exact:.3f} | " + " ".join(f"{t} {a:.2f}" for t, a in zip(TAGS, each)))
