"""Tell apart noisy 7x5 dot-matrix letters (A, C, E, H, L, O, T, X) with a small CNN."""
import torch
import torch.nn as nn

GLYPHS = """
.###. #...# #...# ##### #...# #...# #...#
.#### #.... #.... #.... #.... #.... .####
##### #.... #.... ####. #.... #.... #####
#...# #...# #...# ##### #...# #...# #...#
#.... #.... #.... #.... #.... #.... #####
.###. #...# #...# #...# #...# #...# .###.
##### ..#.. ..#.. ..#.. ..#.. ..#.. ..#..
#...# #...# .#.#. ..#.. .#.#. #...# #...#
""".split("\n")[1:-1]
BASE = torch.tensor([[[1.0 if c == "#" else -1.0 for c in row] for row in g.split()] for g in GLYPHS])


class LetterSet(torch.utils.data.Dataset):
    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.y = torch.randint(0, len(BASE), (n,), generator=g)
        canvas = -torch.ones(n, 9, 8)
        for i in range(n):
            dy, dx = torch.randint(0, 3, (1,), generator=g).item(), torch.randint(0, 4, (1,), generator=g).item()
            canvas[i, dy:dy + 7, dx:dx + 5] = BASE[self.y[i]]
        self.x = (canvas + 0.8 * torch.randn(n, 9, 8, generator=g)).unsqueeze(1)

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


class Runner:
    lr = 0.1  # cure: lr = 0.002

    def __init__(self):
        self.net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                                 nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.Flatten(),
                                 nn.Linear(32 * 16, 64), nn.ReLU(), nn.Linear(64, len(BASE)))
        self.opt = torch.optim.Adam(self.net.parameters(), lr=self.lr)
        self.ce = nn.CrossEntropyLoss()

    def epoch(self, loader):
        total = 0.0
        for x, y in loader:
            self.opt.zero_grad()
            loss = self.ce(self.net(x), y)
            loss.backward()
            self.opt.step()
            total += loss.item()
        return total / len(loader)

    @torch.no_grad()
    def score(self, ds):
        return (self.net(ds.x).argmax(1) == ds.y).float().mean().item()


torch.manual_seed(1)
train, test = LetterSet(3000, 1), LetterSet(600, 2)
loader = torch.utils.data.DataLoader(train, batch_size=60, shuffle=True)
runner = Runner()
for e in range(6):
    print("epoch", e + 1, "loss %.4f" % runner.epoch(loader), "test accuracy %.3f" % runner.score(test))
