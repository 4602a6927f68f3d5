"""Skip-gram embeddings with negative sampling and sparse gradients for a toy language of 5 topics, 400 words."""
import torch

torch.manual_seed(0)
V, TOPICS, DIM = 400, 5, 16
topic_of = torch.arange(V) % TOPICS
words_of = [torch.nonzero(topic_of == k).squeeze(1) for k in range(TOPICS)]


def pairs(n):
    a = torch.randint(V, (n,))
    same = torch.stack([words_of[int(topic_of[w])][torch.randint(V // TOPICS, ())] for w in a])
    stray = torch.randint(V, (n,))
    return a, torch.where(torch.rand(n) < 0.8, same, stray)


centre = torch.nn.Embedding(V, DIM, sparse=True)
context = torch.nn.Embedding(V, DIM, sparse=True)
torch.nn.init.uniform_(centre.weight, -0.5 / DIM ** 0.5, 0.5 / DIM ** 0.5)
torch.nn.init.uniform_(context.weight, -0.5 / DIM ** 0.5, 0.5 / DIM ** 0.5)
opt = torch.optim.SparseAdam([*centre.parameters(), *context.parameters()], lr=0.02)
left, right = pairs(20000)


def purity():
    e = centre.weight.detach()
    e = e / e.norm(dim=1, keepdim=True)
    sim = e @ e.T - 2 * torch.eye(V)
    return (topic_of[sim.topk(5, 1).indices] == topic_of[:, None]).float().mean().item()


for epoch in range(1, 7):
    total = 0.0
    for idx in torch.randperm(len(left)).split(100):
        c, o = centre(left[idx]), context(right[idx])
        neg = context(torch.randint(V, (len(idx), 4)))
        pos_score = (c * o).sum(1)
        neg_score = torch.einsum("bd,bkd->bk", c, neg)
        loss = -(torch.nn.functional.logsigmoid(pos_score) + torch.nn.functional.logsigmoid(-neg_score).sum(1)).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 200
    print(f"epoch {epoch}: loss {total:.4f}, neighbours of the same topic {purity():.3f} (chance 0.2)")
