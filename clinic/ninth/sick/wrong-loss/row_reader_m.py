"""Reads handwritten digits with a GRU that scans the rows of the image from top to bottom."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class RowReader(nn.Module):
    def __init__(self, hidden=40, n_out=1):  # cure: def __init__(self, hidden=40, n_out=10):
        super().__init__()
        self.gru = nn.GRU(8, hidden, batch_first=True)
        self.out = nn.Linear(hidden, n_out)

    def forward(self, img):
        _, h = self.gru(img)
        return self.out(h[-1])


def digit_loss(out, digit):
    return nn.functional.mse_loss(out.squeeze(1), digit.float())  # cure: return nn.functional.cross_entropy(out, digit)


def read(out):
    return out.squeeze(1).round().clamp(0, 9).long()  # cure: return out.argmax(1)


def main():
    torch.manual_seed(160)
    d = load_digits()
    img = torch.tensor(d.images, dtype=torch.float32) / 8 - 1
    digit = torch.tensor(d.target)
    p = torch.randperm(len(digit))
    loader = DataLoader(TensorDataset(img[p[:1400]], digit[p[:1400]]), batch_size=40, shuffle=True)
    test_img, test_digit = img[p[1400:]], digit[p[1400:]]
    model = RowReader()
    opt = torch.optim.Adam(model.parameters(), lr=4e-3)
    for epoch in range(12):
        losses = []
        for x, y in loader:
            loss = digit_loss(model(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        with torch.no_grad():
            right = (read(model(test_img)) == test_digit).float().mean()
        print(f"epoch {epoch + 1:2d} loss {sum(losses) / len(losses):.4f} digits read right {right:.4f}")


main()
