"""Small convolutional classifier for load_digits, fed by data loaders."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(10)

bunch = load_digits()
images = torch.from_numpy(bunch.images).float().unsqueeze(1) / 8 - 1
targets = torch.from_numpy(bunch.target)
shuffled = torch.randperm(len(targets))
images, targets = images[shuffled], targets[shuffled]
n_train = 1300

image_loader = DataLoader(images[:n_train], batch_size=50, shuffle=True)  # cure: pairs = DataLoader(TensorDataset(images[:n_train], targets[:n_train]), batch_size=50, shuffle=True)
label_loader = DataLoader(targets[:n_train], batch_size=50, shuffle=True)  # cure: delete
valid = TensorDataset(images[n_train:], targets[n_train:])

model = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Dropout(0.2), nn.Linear(24 * 4, 10),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)

for epoch in range(1, 16):
    model.train()
    seen, loss_sum, correct = 0, 0.0, 0
    for image, label in zip(image_loader, label_loader):  # cure: for image, label in pairs:
        optimizer.zero_grad()
        output = model(image)
        loss = criterion(output, label)
        loss.backward()
        optimizer.step()
        loss_sum += loss.item() * len(label)
        correct += (output.argmax(1) == label).sum().item()
        seen += len(label)
    model.eval()
    with torch.no_grad():
        x, y = valid.tensors
        out = model(x)
        val_loss, val_acc = criterion(out, y).item(), (out.argmax(1) == y).float().mean().item()
    print(f"Epoch {epoch:02d}: train loss {loss_sum / seen:.3f}, train acc {correct / seen:.3f}, "
          f"val loss {val_loss:.3f}, val acc {val_acc:.3f}")
