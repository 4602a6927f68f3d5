"""One sequence per step (batch of one): GRU that copies the token seen three steps ago; no batch norm anywhere."""
import torch
from torch import nn

torch.manual_seed(9)
K, DELAY, T = 6, 3, 40
emb, rnn, out = nn.Embedding(K, 16), nn.GRU(16, 48), nn.Linear(48, K)
params = [p for m in (emb, rnn, out) for p in m.parameters()]
opt = torch.optim.Adam(params, lr=4e-3)


def sequence(batch=1):
    s = torch.randint(0, K, (T, batch))
    return s, s.roll(DELAY, 0)


def run(batch=1):
    s, t = sequence(batch)
    logits = out(rnn(emb(s))[0])[DELAY:]
    return logits, t[DELAY:]


recent = []
for step in range(1, 401):
    logits, t = run()
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), t.flatten())
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(params, 1.0)
    opt.step()
    recent.append(loss.item())
    if step % 50 == 0:
        with torch.no_grad():
            logits, t = run(64)
            acc = (logits.argmax(-1) == t).float().mean().item()
        print(f"step {step} loss {sum(recent[-50:]) / 50:.3f} accuracy on fresh sequences {acc:.3f}")
