"""Compress the 30 breast-cancer cell measurements to eight numbers with an autoencoder."""
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn, optim


class TissueAE(nn.Module):
    def __init__(self, n_features=30, n_code=8):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Linear(n_features, 48),
            nn.ELU(),
            nn.Linear(48, n_code),
        )
        self.decoder = nn.Sequential(
            nn.Linear(n_code, 48),
            nn.ELU(),
            nn.Linear(48, n_features),
            nn.Sigmoid(),  # cure: delete
        )

    def forward(self, x):
        return self.decoder(self.encoder(x))


def load(seed=7):
    x = load_breast_cancer().data
    train, test = train_test_split(x, test_size=0.2, random_state=seed)
    scaler = StandardScaler().fit(train)
    return [torch.tensor(scaler.transform(part), dtype=torch.float32) for part in (train, test)]


def main():
    torch.manual_seed(7)
    train, test = load()
    model = TissueAE()
    opt = optim.Adam(model.parameters(), lr=2e-3)
    mse = nn.MSELoss()
    for epoch in range(1, 151):
        model.train()
        running = 0.0
        for idx in torch.randperm(len(train)).split(32):
            batch = train[idx]
            opt.zero_grad()
            loss = mse(model(batch), batch)
            loss.backward()
            opt.step()
            running += loss.item() * len(idx)
        if epoch % 15 == 0:
            model.eval()
            with torch.no_grad():
                error = mse(model(test), test).item()
            print(f"epoch {epoch:3d}  reconstruction train {running / len(train):.4f}  test {error:.4f}")


if __name__ == "__main__":
    main()
