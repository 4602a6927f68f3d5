"""Recommend recipes: latent factors of cooks and recipes, fitted to the ratings they gave."""
import torch

torch.manual_seed(2)
COOKS, RECIPES, RANK = 150, 100, 6
truth = torch.randn(COOKS, 4) @ torch.randn(4, RECIPES) / 2
pairs = torch.nonzero(torch.rand(COOKS, RECIPES) < 0.5)
pairs = pairs[torch.randperm(len(pairs))]
ratings = truth[pairs[:, 0], pairs[:, 1]] + 0.2 * torch.randn(len(pairs))
cut = int(0.85 * len(pairs))
train, valid = pairs[:cut], pairs[cut:]
r_train, r_valid = ratings[:cut], ratings[cut:]

cooks = torch.full((COOKS, RANK), 0.1)  # cure: cooks = 0.1 * torch.randn(COOKS, RANK)
recipes = torch.full((RECIPES, RANK), 0.1)  # cure: recipes = 0.1 * torch.randn(RECIPES, RANK)
cooks.requires_grad_(True)
recipes.requires_grad_(True)


def predict(ids):
    return (cooks[ids[:, 0]] * recipes[ids[:, 1]]).sum(1)


optimizer = torch.optim.Adam([cooks, recipes], lr=0.02)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 15)
for epoch in range(1, 16):
    squares = 0.0
    for idx in torch.randperm(cut).split(128):
        error = predict(train[idx]) - r_train[idx]
        penalty = 0.02 * (cooks[train[idx, 0]].square() + recipes[train[idx, 1]].square()).sum(1)
        loss = (error.square() + penalty).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        squares += error.detach().square().sum().item()
    scheduler.step()
    with torch.no_grad():
        v = (predict(valid) - r_valid).square().mean()
    print(f"epoch {epoch:2d}: rmse {(squares / cut) ** 0.5:.4f}, held out {v.sqrt().item():.4f}")
