"""Learn 24-bit codes for digit images: soft bits in training, their signs in the evaluation."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(8)
SHARPNESS = 40.0  # cure: SHARPNESS = 1.0

digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32)
images = (images - images.mean()) / images.std()
labels = torch.tensor(digits.target)
order = torch.randperm(len(images))
tr, te = order[:1300], order[1300:]


class Bits(nn.Module):
    def forward(self, z):
        return torch.tanh(SHARPNESS * z)


encoder = nn.Sequential(nn.Linear(64, 64), Bits(), nn.Linear(64, 64), Bits(), nn.Linear(64, 24), Bits())
head = nn.Linear(24, 10)
optimizer = torch.optim.SGD([*encoder.parameters(), *head.parameters()], lr=0.05, momentum=0.9)


@torch.no_grad()
def retrieval():
    a, b = encoder(images[te]).sign(), encoder(images[tr]).sign()
    top = (a @ b.T).topk(10, dim=1).indices
    return (labels[tr][top] == labels[te][:, None]).float().mean().item()


for epoch in range(25):
    losses = []
    for batch in tr[torch.randperm(len(tr))].split(50):
        optimizer.zero_grad()
        loss = F.cross_entropy(head(encoder(images[batch])), labels[batch])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    if epoch % 3 == 0:
        print(f"epoch {epoch:2d} loss {sum(losses) / len(losses):.4f} precision@10 {retrieval():.3f}")
