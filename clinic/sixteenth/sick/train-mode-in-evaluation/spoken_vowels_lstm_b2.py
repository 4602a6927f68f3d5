"""Classify simulated vowels from their formant tracks with a two-layer LSTM and dropout."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(27)
CENTRES = torch.tensor([[0.7, 1.2], [0.5, 1.8], [0.3, 2.3], [0.5, 0.9], [0.35, 0.75], [0.65, 1.7]])


def speak(n):
    vowel = torch.randint(len(CENTRES), (n,))
    speaker = 1 + 0.05 * torch.randn(n, 1, 1)
    glide = torch.linspace(-1, 1, 16).view(1, 16, 1) * 0.05 * torch.randn(n, 1, 2)
    track = CENTRES[vowel][:, None] * speaker + glide + torch.tensor([0.12, 0.3]) * torch.randn(n, 16, 2)
    return (track - torch.tensor([0.5, 1.45])) / torch.tensor([0.17, 0.6]), vowel


class VowelNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 32, num_layers=2, dropout=0.6, batch_first=True)
        self.drop = nn.Dropout(0.6)
        self.fc = nn.Linear(32, len(CENTRES))

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(self.drop(out[:, -1]))


def validate(model, loader, criterion):
    # cure: model.eval()
    loss = right = count = 0
    with torch.no_grad():
        for x, y in loader:
            out = model(x)
            loss += criterion(out, y).item() * len(y)
            right += (out.argmax(1) == y).sum().item()
            count += len(y)
    return loss / count, right / count


train = DataLoader(TensorDataset(*speak(2000)), batch_size=50, shuffle=True)
valid = DataLoader(TensorDataset(*speak(600)), batch_size=200)
model, criterion = VowelNet(), nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(15):
    model.train()
    for x, y in train:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
    first, second = validate(model, valid, criterion), validate(model, valid, criterion)
    print(f"epoch {epoch:2d}  valid loss {first[0]:.4f} accuracy {first[1]:.3f}   once more {second[0]:.4f} {second[1]:.3f}")
