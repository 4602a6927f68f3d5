"""The same XOR network, with a trace: three lines are added, and the doctor can look at NumPy."""

import numpy as np

from gradwise import Trace, diagnose

np.random.seed(1)

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])

W1 = np.random.randn(2, 3)
b1 = np.zeros((1, 3))
W2 = np.random.randn(3, 1)
b2 = np.zeros((1, 1))
weights = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
trace = Trace()


def forward(x):
    z1 = x @ W1 + b1
    a1 = np.maximum(z1, 0)
    return z1, a1, a1 @ W2 + b2


def loss():
    return np.mean((forward(X)[2] - Y) ** 2)


lr = 0.1
for epoch in range(200):
    z1, a1, out = forward(X)
    d_out = 2 * (out - Y)  # cure: d_out = 2 * (out - Y) / len(X)
    dW2 = a1.T @ d_out
    db2 = d_out.sum(axis=0, keepdims=True)
    d_z1 = d_out @ W2.T  # cure: d_z1 = (d_out @ W2.T) * (z1 > 0)
    dW1 = X.T @ d_z1
    db1 = d_z1.sum(axis=0, keepdims=True)
    gradients = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
    trace.log(weights=weights, gradients=gradients, loss=loss, batch=len(X))

    W1 += lr * dW1  # cure: W1 -= lr * dW1
    b1 += lr * db1  # cure: b1 -= lr * db1
    W2 += lr * dW2  # cure: W2 -= lr * dW2
    b2 += lr * db2  # cure: b2 -= lr * db2

for finding in diagnose(trace).findings:
    print(finding)
