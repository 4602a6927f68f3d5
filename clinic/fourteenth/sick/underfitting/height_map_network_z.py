"""A network as a map: it gives the height of a hilly landscape at every point (x, y)."""
import torch

torch.manual_seed(0)
WIDTH = 3  # cure: WIDTH = 64


def height(p):
    x, y = p[:, 0], p[:, 1]
    return torch.sin(3 * x) * torch.cos(2 * y) + 0.5 * torch.sin(4 * x * y) + 0.3 * x


p_train, p_test = 4 * torch.rand(4000, 2) - 2, 4 * torch.rand(1000, 2) - 2
h_train = height(p_train) + 0.05 * torch.randn(4000)
h_test = height(p_test)
net = torch.nn.Sequential(
    torch.nn.Linear(2, WIDTH), torch.nn.Tanh(),
    torch.nn.Linear(WIDTH, WIDTH), torch.nn.Tanh(),
    torch.nn.Linear(WIDTH, WIDTH), torch.nn.Tanh(),
    torch.nn.Linear(WIDTH, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=80, eta_min=1e-4)
for epoch in range(80):
    losses = []
    for idx in torch.randperm(4000).split(100):
        loss = (net(p_train[idx]).squeeze(1) - h_train[idx]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    scheduler.step()
    if epoch % 8 == 7:
        with torch.no_grad():
            residual = net(p_test).squeeze(1) - h_test
            r2 = 1 - residual.square().mean() / h_test.var()
        print(f"epoch {epoch + 1:3d}: train mse {sum(losses) / len(losses):.4f}  test R2 {r2:.3f}")
