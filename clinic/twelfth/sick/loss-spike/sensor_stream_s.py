"""Learn online from a stream of weather-station records: the air temperature from four other sensors."""
import torch
import torch.nn as nn


class Stream:
    """Records arrive in files of 64; a station that is off writes -999 for the temperature."""

    def __init__(self, seed):
        self.g = torch.Generator().manual_seed(seed)

    def file(self, number):
        x = torch.randn(64, 4, generator=self.g)
        temp = 2 * torch.sin(x[:, 0]) + x[:, 1] * x[:, 2] - 0.5 * x[:, 3]
        temp = temp + 0.1 * torch.randn(64, generator=self.g)
        if 600 <= number < 640:
            off = torch.rand(64, generator=self.g) < 0.15
            temp = torch.where(off, torch.full_like(temp, -999.0), temp)
        return x, temp


def train_on(model, opt, x, temp):
    valid = torch.ones_like(temp, dtype=torch.bool)  # cure: valid = temp > -900
    loss = nn.functional.mse_loss(model(x[valid]).squeeze(1), temp[valid])
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss.item()


def main():
    torch.manual_seed(17)
    test_x, test_temp = Stream(99).file(0)
    for k in range(5):
        more = Stream(100 + k).file(0)
        test_x, test_temp = torch.cat([test_x, more[0]]), torch.cat([test_temp, more[1]])
    stream = Stream(0)
    model = nn.Sequential(nn.Linear(4, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 1))
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    log = []
    for number in range(800):
        x, temp = stream.file(number)
        log.append(train_on(model, opt, x, temp))
        if number % 40 == 39:
            with torch.no_grad():
                err = nn.functional.mse_loss(model(test_x).squeeze(1), test_temp).item()
            print(f"file {number + 1}: mean loss {sum(log) / len(log):.4f}, error on the reference days {err:.4f}")
            log = []


main()
