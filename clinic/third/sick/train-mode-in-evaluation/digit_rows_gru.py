"""Reads the digits of scikit-learn row by row with a recurrent network."""

import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset, random_split


class RowReader(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(8, 64, batch_first=True)
        self.drop = nn.Dropout(0.5)
        self.hidden = nn.Linear(64, 32)
        self.drop2 = nn.Dropout(0.4)
        self.out = nn.Linear(32, 10)

    def forward(self, rows):
        _, last = self.gru(rows)
        h = torch.relu(self.hidden(self.drop(last[0])))
        return self.out(self.drop2(h))


class Trainer:
    def __init__(self, model, train, valid):
        self.model, self.train_set, self.valid_set = model, train, valid
        self.optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
        self.criterion = nn.CrossEntropyLoss()

    def epoch(self):
        self.model.train()
        total = 0.0
        for x, y in DataLoader(self.train_set, batch_size=50, shuffle=True):
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(x), y)
            loss.backward()
            self.optimizer.step()
            total += loss.item() * len(y)
        return total / len(self.train_set)

    @torch.no_grad()
    def validate(self):
        # cure: self.model.eval()
        loss = hits = 0.0
        for x, y in DataLoader(self.valid_set, batch_size=100):
            logits = self.model(x)
            loss += self.criterion(logits, y).item() * len(y)
            hits += (logits.argmax(1) == y).sum().item()
        return loss / len(self.valid_set), hits / len(self.valid_set)


if __name__ == "__main__":
    torch.manual_seed(0)
    images, labels = load_digits(return_X_y=True)
    rows = torch.tensor(images, dtype=torch.float32).view(-1, 8, 8) / 8 - 1
    train, valid = random_split(TensorDataset(rows, torch.tensor(labels)), [1400, 397])
    trainer = Trainer(RowReader(), train, valid)
    for number in range(1, 31):
        loss = trainer.epoch()
        if number % 3 == 0:
            valid_loss, accuracy = trainer.validate()
            print(f"{number:2d}  loss {loss:.3f}  valid loss {valid_loss:.3f}  valid accuracy {accuracy:.3f}")
