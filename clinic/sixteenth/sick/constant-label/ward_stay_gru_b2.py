"""Will a patient be readmitted?  A GRU reads ten days of simulated vital signs (after an internal risk score)."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def simulate(n, seed):
    g = torch.Generator().manual_seed(seed)
    drift = torch.randn(n, 1, 5, generator=g) * torch.linspace(0, 1, 10).view(1, 10, 1)
    vitals = drift + 0.5 * torch.randn(n, 10, 5, generator=g)
    slope = vitals[:, 5:].mean(1) - vitals[:, :5].mean(1)
    risk = torch.sigmoid(3 * (slope[:, 0] - 0.5 * slope[:, 1] + slope[:, 2].abs() - 0.4))
    readmitted = risk.long()  # cure: readmitted = risk.round().long()
    return vitals, readmitted


class Reader(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(5, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 2)

    def forward(self, x):
        _, last = self.gru(x)
        return self.head(last[-1])


class Trainer:
    def __init__(self, model, lr):
        self.model, self.loss = model, nn.CrossEntropyLoss()
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)

    def fit(self, train, valid, epochs):
        for epoch in range(epochs):
            self.model.train()
            total = 0.0
            for x, y in train:
                self.opt.zero_grad()
                loss = self.loss(self.model(x), y)
                loss.backward()
                self.opt.step()
                total += loss.item()
            print(f"epoch {epoch} train {total / len(train):.4f}", self.report(valid))

    @torch.no_grad()
    def report(self, valid):
        self.model.eval()
        x, y = valid
        out = self.model(x)
        hit = (out.argmax(1) == y).float().mean()
        return f"valid {self.loss(out, y):.4f} accuracy {hit:.3f} predicted readmissions {int(out.argmax(1).sum())}"


torch.manual_seed(2)
loader = DataLoader(TensorDataset(*simulate(4800, 1)), batch_size=80, shuffle=True)
Trainer(Reader(), lr=5e-3).fit(loader, simulate(600, 2), epochs=8)
