"""Friedman's first benchmark with a scikit-learn style regressor around a torch network."""
import numpy as np
import torch
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.datasets import make_friedman1
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


class TorchRegressor(BaseEstimator, RegressorMixin):
    def __init__(self, width=48, lr=3e-3, epochs=25, batch_size=64, seed=0):
        self.width, self.lr, self.epochs, self.batch_size, self.seed = width, lr, epochs, batch_size, seed

    def fit(self, X, y):
        torch.manual_seed(self.seed)
        X = torch.as_tensor(X, dtype=torch.float32)
        y = torch.as_tensor(y, dtype=torch.float32)
        self.net_ = torch.nn.Sequential(torch.nn.Linear(X.shape[1], self.width), torch.nn.SiLU(),
                                        torch.nn.Linear(self.width, self.width), torch.nn.SiLU(),
                                        torch.nn.Linear(self.width, 1))
        opt = torch.optim.Adam(self.net_.parameters(), lr=self.lr)
        for epoch in range(self.epochs):
            losses = []
            for idx in torch.randperm(len(X)).split(self.batch_size):
                err = self.net_(X[idx]) - y[idx]  # cure: err = self.net_(X[idx])[:, 0] - y[idx]
                loss = torch.mean(err ** 2)
                opt.zero_grad()
                loss.backward()
                opt.step()
                losses.append(loss.item())
            if epoch % 4 == 0:
                print(f"epoch {epoch + 1:2d} mse {np.mean(losses):.4f}")
        return self

    def predict(self, X):
        with torch.no_grad():
            return self.net_(torch.as_tensor(X, dtype=torch.float32)).numpy().ravel()


if __name__ == "__main__":
    X, y = make_friedman1(3000, noise=0.5, random_state=7)
    y = (y - y.mean()) / y.std()
    Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.2, random_state=7)
    scaler = StandardScaler().fit(Xa)
    model = TorchRegressor().fit(scaler.transform(Xa), ya)
    print(f"train R2 {model.score(scaler.transform(Xa), ya):.4f}")
    print(f"test R2 {model.score(scaler.transform(Xb), yb):.4f}")
