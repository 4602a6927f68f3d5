"""Multi-label tagging: which of six shapes occur in a noisy 12x12 picture? Few tags are on in each picture."""
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

torch.manual_seed(53)
TAGS, SIDE = 6, 12
SHAPES = torch.zeros(TAGS, 4, 4)
SHAPES[0, 1:3, :] = 1
SHAPES[1, :, 1:3] = 1
SHAPES[2, range(4), range(4)] = 1.4
SHAPES[3, range(4), [3, 2, 1, 0]] = 1.4
SHAPES[4, 1:3, 1:3] = 1.4
SHAPES[5, [0, 0, 3, 3], [0, 3, 0, 3]] = 1.4


def pictures(n):
    image = 0.2 * torch.randn(n, 1, SIDE, SIDE)
    tags = (torch.rand(n, TAGS) < 0.2).float()
    for i in range(n):
        cells = torch.randperm(9)
        for place, tag in zip(cells, tags[i].nonzero().flatten()):
            r, c = divmod(place.item(), 3)
            image[i, 0, 4 * r : 4 * r + 4, 4 * c : 4 * c + 4] += SHAPES[tag]
    return image, tags


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(),
            nn.Conv2d(16, 24, 3, padding=1), nn.ReLU(),
            nn.AdaptiveMaxPool2d(1), nn.Flatten(),
        )
        self.tags = nn.Linear(24, TAGS)

    def forward(self, image):
        return self.tags(self.features(image)).sigmoid()  # cure: return self.tags(self.features(image))


x_train, y_train = pictures(2500)
x_test, y_test = pictures(500)
model = Tagger()
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
for epoch in range(14):
    model.train()
    total = 0.0
    for index in torch.randperm(len(x_train)).split(50):
        loss = binary_cross_entropy_with_logits(model(x_train[index]), y_train[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / 50
    model.eval()
    with torch.no_grad():
        out = model(x_test)
        test = binary_cross_entropy_with_logits(out, y_test).item()
    ranked = out.flatten().argsort(descending=True)[: int(y_test.sum())]
    print(f"epoch {epoch:2d}  train {total:.4f}  test {test:.4f}  precision at the number of tags {y_test.flatten()[ranked].mean():.3f}")
