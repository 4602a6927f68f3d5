"""Wine cultivar classifier; small batches whose gradients are accumulated to save memory."""
import numpy as np
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

BATCH, ACCUMULATE = 16, 16  # cure: BATCH, ACCUMULATE = 16, 2
torch.manual_seed(0)


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.loss = torch.nn.CrossEntropyLoss()
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=lr)

    def epoch(self, x, y):
        self.optimizer.zero_grad()
        order = torch.randperm(len(x))
        total = 0.0
        for number, picked in enumerate(order.split(BATCH), start=1):
            loss = self.loss(self.model(x[picked]), y[picked])
            (loss / ACCUMULATE).backward()
            total += loss.item() * len(picked)
            if number % ACCUMULATE == 0:
                self.optimizer.step()
                self.optimizer.zero_grad()
        return total / len(x)

    @torch.no_grad()
    def score(self, x, y):
        return (self.model(x).argmax(1) == y).float().mean().item()


def main():
    x, y = load_wine(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.28, random_state=4, stratify=y)
    scaler = StandardScaler().fit(x_train)
    x_train, x_test = (torch.from_numpy(scaler.transform(part).astype(np.float32)) for part in (x_train, x_test))
    y_train, y_test = torch.from_numpy(y_train), torch.from_numpy(y_test)
    model = torch.nn.Sequential(torch.nn.Linear(13, 16), torch.nn.GELU(), torch.nn.Linear(16, 3))
    trainer = Trainer(model, lr=5e-3)
    for number in range(1, 31):
        loss = trainer.epoch(x_train, y_train)
        if number % 3 == 0:
            print(f"epoch {number:3d}  loss {loss:.4f}  test accuracy {trainer.score(x_test, y_test):.3f}")


if __name__ == "__main__":
    main()
