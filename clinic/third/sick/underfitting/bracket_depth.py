"""Tags every character of a bracket string with the depth it stands at (0 to 7)."""

import torch
import torch.nn as nn
import torch.nn.functional as F

config = dict(
    hidden=2, layers=1, length=30, batch=64, steps=700, lr=2e-3
)  # cure: config = dict(hidden=48, layers=1, length=30, batch=64, steps=700, lr=2e-3)


def bracket_batch(n, length, generator):
    """Random walks that stay between 0 and 7: token 1 opens, token 0 closes, tokens 2 to 4 are letters."""
    tokens = torch.randint(0, 5, (n, length), generator=generator)
    depth = torch.zeros(n, dtype=torch.long)
    depths = []
    for t in range(length):
        opening, closing = tokens[:, t] == 1, tokens[:, t] == 0
        tokens[opening & (depth == 7), t] = 2
        tokens[closing & (depth == 0), t] = 1
        move = (tokens[:, t] == 1).long() - (tokens[:, t] == 0).long()
        depth = depth + move
        depths.append(depth)
    return tokens, torch.stack(depths, 1)


class DepthTagger(nn.Module):
    def __init__(self, hidden, layers):
        super().__init__()
        self.embed = nn.Embedding(5, 8)
        self.gru = nn.GRU(8, hidden, layers, batch_first=True)
        self.tag = nn.Linear(hidden, 8)

    def forward(self, tokens):
        states, _ = self.gru(self.embed(tokens))
        return self.tag(states)


def main():
    torch.manual_seed(11)
    generator = torch.Generator().manual_seed(12)
    model = DepthTagger(config["hidden"], config["layers"])
    optimizer = torch.optim.Adam(model.parameters(), lr=config["lr"])
    check_x, check_y = bracket_batch(400, config["length"], generator)
    for step in range(1, config["steps"] + 1):
        x, y = bracket_batch(config["batch"], config["length"], generator)
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 100 == 0:
            with torch.no_grad():
                logits = model(check_x)
                check = F.cross_entropy(logits.flatten(0, 1), check_y.flatten())
            hits = (logits.argmax(-1) == check_y).float().mean()
            print(f"{step:4d}: train {loss.item():.3f}  check {check.item():.3f}  right {hits:.1%}")


if __name__ == "__main__":
    main()
