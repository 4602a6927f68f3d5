"""Map word vectors of one language onto those of another, compared by their cosine."""
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(4)
dim, n = 24, 2000
source = torch.randn(n, dim)
rotation, _ = torch.linalg.qr(torch.randn(dim, dim))
target = torch.tanh(source @ rotation) + 0.1 * torch.randn(n, dim)
dictionary = DataLoader(TensorDataset(source[:1600], target[:1600]), batch_size=64, shuffle=True)

mapper = torch.nn.Sequential(torch.nn.Linear(dim, 48), torch.nn.Tanh(), torch.nn.Linear(48, dim))
optimizer = torch.optim.AdamW(mapper.parameters(), lr=2e-3)


def retrieval():
    with torch.no_grad():
        m = F.normalize(mapper(source[1600:]), dim=1)
    return ((m @ F.normalize(target[1600:], dim=1).T).argmax(1) == torch.arange(400)).float().mean().item()


for epoch in range(25):
    total = 0.0
    for s, t in dictionary:
        loss = F.cosine_similarity(mapper(s), t).mean()  # cure: loss = 1 - F.cosine_similarity(mapper(s), t).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    if epoch % 2 == 0:
        print(f"epoch {epoch:2d}: loss {total / len(dictionary):.4f}, translation accuracy {retrieval():.3f}")
