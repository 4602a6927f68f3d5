"""Curriculum: locate a broad bump in a 1-D scan among ever more narrow decoy spikes; the loss climbs with the task."""
import torch
from torch import nn

STAGES = [0, 1, 2, 4, 7]
EPOCHS_PER_STAGE = 3


class Scans:
    def __init__(self, n, seed):
        self.g = torch.Generator().manual_seed(seed)
        self.place = torch.rand(n, generator=self.g) * 1.6 - 0.8
        x = torch.linspace(-1, 1, 40)
        self.clean = 1.5 * torch.exp(-((x - self.place[:, None]) / 0.15) ** 2)

    def draw(self, decoys, idx=slice(None)):
        scan = self.clean[idx] + 0.3 * torch.randn(self.clean[idx].shape, generator=self.g)
        rows = torch.arange(len(scan))
        for _ in range(decoys):
            scan[rows, torch.randint(0, 40, (len(scan),), generator=self.g)] += 2.5
        return scan.unsqueeze(1), self.place[idx]


class Locator(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv1d(1, 16, 7, padding=3), nn.ReLU(), nn.Conv1d(16, 16, 7, padding=3), nn.ReLU(),
                                  nn.Conv1d(16, 1, 1))
        self.register_buffer("axis", torch.linspace(-1, 1, 40))

    def forward(self, x):
        return (self.conv(x).squeeze(1).softmax(1) * self.axis).sum(1)


def main():
    torch.manual_seed(15)
    train, test = Scans(2000, 15), Scans(500, 16)
    hard_x, hard_y = test.draw(STAGES[-1])
    model = Locator()
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    for stage, decoys in enumerate(STAGES):
        for epoch in range(EPOCHS_PER_STAGE):
            model.train()
            total = 0.0
            for idx in torch.randperm(2000).split(50):
                x, y = train.draw(decoys, idx)
                loss = nn.functional.l1_loss(model(x), y)
                opt.zero_grad()
                loss.backward()
                opt.step()
                total += loss.item() / 40
            model.eval()
            with torch.no_grad():
                hard = nn.functional.l1_loss(model(hard_x), hard_y).item()
            print(f"stage {stage} ({decoys} decoys) epoch {epoch}: train error {total:.4f}, error on the hardest scans {hard:.4f}")


if __name__ == "__main__":
    main()
