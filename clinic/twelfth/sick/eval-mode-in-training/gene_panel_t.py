"""Predict a phenotype (affected or not) from a wide gene panel with a dropout-regularised MLP.
Many genes, few samples, unreliable diagnoses; a handful of genes matter."""
import torch
from torch import nn


class PanelModel(nn.Module):
    def __init__(self, genes, hidden=128, p_in=0.5, p_hidden=0.6):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Dropout(p_in), nn.Linear(genes, hidden), nn.ReLU(),
            nn.Dropout(p_hidden), nn.Linear(hidden, 1))

    def forward(self, x):
        return self.layers(x).squeeze(-1)


def cohort(n, genes, gen):
    x = torch.randn(n, genes, generator=gen)
    affected = x[:, :6].sum(1) > 0
    mistaken = torch.rand(n, generator=gen) < 0.1
    return x, (affected ^ mistaken).float()


class Session:
    def __init__(self, model, lr, epochs):
        self.model, self.epochs = model, epochs
        self.optimizer = torch.optim.Adam(model.parameters(), lr=lr)
        self.loss = nn.BCEWithLogitsLoss()

    def predict(self, x):
        self.model.eval()
        with torch.no_grad():
            return self.model(x)

    def train_epoch(self, x, y, batch=25):
        losses = []
        for idx in torch.randperm(len(x)).split(batch):
            self.optimizer.zero_grad()
            loss = self.loss(self.model(x[idx]), y[idx])
            loss.backward()
            self.optimizer.step()
            losses.append(loss.item())
        return sum(losses) / len(losses)

    def run(self, train, val):
        self.model.train()
        out = self.predict(val[0])
        print(f"untrained  val bce {self.loss(out, val[1]).item():.3f}")
        for epoch in range(1, self.epochs + 1):
            # cure: self.model.train()
            tl = self.train_epoch(*train)
            out = self.predict(val[0])
            acc = ((out > 0).float() == val[1]).float().mean().item()
            if epoch % 3 == 0:
                print(f"epoch {epoch:3d}  train bce {tl:.3f}  val bce {self.loss(out, val[1]).item():.3f}  val acc {acc:.3f}")


if __name__ == "__main__":
    torch.manual_seed(23)
    gen = torch.Generator().manual_seed(23)
    train, val = cohort(500, 60, gen), cohort(500, 60, gen)
    Session(PanelModel(genes=60), lr=2e-3, epochs=36).run(train, val)
