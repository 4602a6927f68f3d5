"""Three wine cultivars, a plain Sequential and an SGD loop."""
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

torch.manual_seed(1)
features, cultivar = load_wine(return_X_y=True)
a, b, ya, yb = train_test_split(features, cultivar, stratify=cultivar, test_size=0.3, random_state=4)
mean, std = a.mean(axis=0), a.std(axis=0)
a = torch.tensor((a - mean) / std, dtype=torch.float)
b = torch.tensor((b - mean) / std, dtype=torch.float)
ya, yb = torch.tensor(ya), torch.tensor(yb)

net = torch.nn.Sequential(
    torch.nn.Linear(13, 20),
    torch.nn.ReLU(),
    torch.nn.Linear(20, 3),
    torch.nn.Softmax(dim=1),  # cure: delete
)
loss_function = torch.nn.CrossEntropyLoss()
sgd = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.5)

for epoch in range(1, 41):
    order = torch.randperm(len(a))
    epoch_loss = 0
    for start in range(0, len(order), 12):
        pick = order[start:start + 12]
        sgd.zero_grad()
        loss = loss_function(net(a[pick]), ya[pick])
        loss.backward()
        sgd.step()
        epoch_loss += loss.item() * len(pick)
    if epoch % 4 == 0:
        with torch.no_grad():
            out = net(b)
        print("epoch {:2d} train loss {:.4f} test loss {:.4f} test accuracy {:.3f}".format(
            epoch, epoch_loss / len(a), loss_function(out, yb).item(), (out.argmax(1) == yb).float().mean().item()))
