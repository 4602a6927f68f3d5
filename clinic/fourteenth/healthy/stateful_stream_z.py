"""Follow 32 endless noisy oscillations in order with a stateful GRU (truncated backpropagation, state carried along)."""
import torch
from torch import nn

torch.manual_seed(0)
N, T, CHUNK = 32, 4000, 25
freq = 0.1 + 0.3 * torch.rand(N, 1)
phase = freq * torch.arange(T + 1) + 6 * torch.rand(N, 1)
clean = torch.sin(phase)
noisy = clean + 0.5 * torch.randn(N, T + 1)
gru, head = nn.GRU(1, 32, batch_first=True), nn.Linear(32, 1)
params = [*gru.parameters(), *head.parameters()]
opt = torch.optim.Adam(params, lr=3e-3)
for epoch in range(4):
    state, total = None, []
    for s in range(0, T, CHUNK):
        out, state = gru(noisy[:24, s:s + CHUNK, None], state)
        state = state.detach()
        loss = (head(out).squeeze(2) - clean[:24, s + 1:s + CHUNK + 1]).square().mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(params, 1.0)
        opt.step()
        total.append(loss.item())
    with torch.no_grad():
        pred = head(gru(noisy[24:, :T, None])[0]).squeeze(2)
        valid = (pred - clean[24:, 1:]).square()[:, 50:].mean()
    print(f"pass {epoch + 1}: train {sum(total) / len(total):.4f} (last {sum(total[-20:]) / 20:.4f}) unseen oscillations {valid:.4f}")
