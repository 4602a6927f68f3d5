"""A transformer reads spoken commands as strings of tokens (6 to 14, padded to 16) and names the device they are about."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(28)
TOKENS, DEVICES, LONGEST, PAD, CLS = 40, 6, 16, 0, 1


def commands(n):
    device = torch.randint(0, DEVICES, (n,))
    lengths = torch.randint(6, 15, (n,))
    text = torch.randint(2 + 2 * DEVICES, TOKENS, (n, LONGEST))
    for i in range(n):
        where = torch.randperm(lengths[i].item())[:2]
        text[i, where] = torch.stack([2 + 2 * device[i], 3 + 2 * device[i]])
    text[torch.arange(LONGEST) >= lengths[:, None]] = PAD
    return torch.cat([torch.full((n, 1), CLS), text], dim=1), device


class Listener(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.embed = nn.Embedding(TOKENS, width)
        self.position = nn.Parameter(0.02 * torch.randn(LONGEST + 1, width))
        layer = nn.TransformerEncoderLayer(width, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(width, DEVICES)

    def forward(self, text):
        real = text != PAD
        h = self.embed(text) + self.position
        h = self.encoder(h, src_key_padding_mask=real)  # cure: h = self.encoder(h, src_key_padding_mask=~real)
        return self.out(h[:, 0])


def main():
    x, y = commands(3000)
    x_dev, y_dev = commands(600)
    model = Listener()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(1, 9):
        model.train()
        losses = []
        for batch in torch.randperm(len(x)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x[batch]), y[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            logits = model(x_dev)
            dev, acc = F.cross_entropy(logits, y_dev), (logits.argmax(1) == y_dev).float().mean()
        print(f"epoch {epoch}: train {sum(losses) / len(losses):.4f}  dev {dev:.4f}  dev accuracy {acc:.3f}")


main()
