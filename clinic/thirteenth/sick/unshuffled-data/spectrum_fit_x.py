"""Fit the response of an amplifier over the frequency axis with a small network."""
import torch

torch.manual_seed(13)
freq = torch.linspace(-2, 2, 1500).unsqueeze(1)
resp = torch.sin(3 * freq) * torch.exp(-0.3 * freq ** 2) + 0.4 * freq + 0.03 * torch.randn(1500, 1)
hold = torch.arange(1500) % 5 == 0
f_train, r_train, f_test, r_test = freq[~hold], resp[~hold], freq[hold], resp[hold]

model = torch.nn.Sequential(
    torch.nn.Linear(1, 40), torch.nn.Tanh(),
    torch.nn.Linear(40, 40), torch.nn.Tanh(),
    torch.nn.Linear(40, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9)
mse = torch.nn.MSELoss()
batch_size, n = 30, len(f_train)

for epoch in range(1, 121):
    order = torch.arange(n)  # cure: order = torch.randperm(n)
    epoch_loss = 0.0
    for start in range(0, n, batch_size):
        idx = order[start:start + batch_size]
        optimizer.zero_grad()
        loss = mse(model(f_train[idx]), r_train[idx])
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() * len(idx) / n
    if epoch % 10 == 0:
        with torch.no_grad():
            test = mse(model(f_test), r_test).item()
        print(f"epoch {epoch:3d}  running loss {epoch_loss:.5f}  test mse {test:.5f}")
