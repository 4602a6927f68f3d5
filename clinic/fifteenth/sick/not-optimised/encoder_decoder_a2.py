"""Compresses 13 correlated sensor channels to three numbers and restores them; encoder and decoder are separate modules."""
import torch
from torch import nn

generator = torch.Generator().manual_seed(9)
torch.manual_seed(9)


def sensor_data(n):
    hidden = torch.randn(n, 3, generator=generator)
    mixing = torch.randn(3, 13, generator=torch.Generator().manual_seed(1))
    return torch.tanh(hidden @ mixing) + 0.05 * torch.randn(n, 13, generator=generator)


def mlp(*sizes):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), nn.ELU()]
    return nn.Sequential(*layers[:-1])


def epoch_of(data, size=64):
    for index in torch.randperm(len(data), generator=generator).split(size):
        yield data[index]


def main():
    train, valid = sensor_data(4000), sensor_data(800)
    mean, std = train.mean(0), train.std(0)
    train, valid = (train - mean) / std, (valid - mean) / std
    encoder = mlp(13, 48, 48, 3)
    decoder = mlp(3, 48, 48, 13)
    print("weights:", sum(p.numel() for m in (encoder, decoder) for p in m.parameters()))
    params = [p for module in [encoder, decoder] for p in module.parameters()]
    optimizer = torch.optim.Adam(decoder.parameters(), lr=2e-3)  # cure: optimizer = torch.optim.Adam(params, lr=2e-3)
    for epoch in range(20):
        total = 0.0
        for x in epoch_of(train):
            loss = (decoder(encoder(x)) - x).pow(2).mean()
            for p in params:
                p.grad = None
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        with torch.no_grad():
            held_out = (decoder(encoder(valid)) - valid).pow(2).mean().item()
        print(f"[{epoch:02d}] train {total / len(train):.4f}  held out {held_out:.4f}")


main()
