"""Distil a random forest's opinion about wines into a tiny network: the student learns from the soft votes."""
import torch
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.nn.functional import kl_div

torch.manual_seed(12)
x, y = load_wine(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=60, stratify=y, random_state=12)
teacher = RandomForestClassifier(200, min_samples_leaf=3, oob_score=True, random_state=12).fit(x_train, y_train)
votes = torch.tensor(teacher.oob_decision_function_, dtype=torch.float32)
test_votes = torch.tensor(teacher.predict_proba(x_test), dtype=torch.float32)
scaler = StandardScaler().fit(x_train)
x_train, x_test = (torch.tensor(scaler.transform(a), dtype=torch.float32) for a in (x_train, x_test))
y_test = torch.tensor(y_test)

student = nn.Sequential(nn.Linear(13, 10), nn.SiLU(), nn.Linear(10, 3))
optimizer = torch.optim.RMSprop(student.parameters(), lr=2e-3, weight_decay=1e-3)


def distance(scores, soft):
    return kl_div(scores, soft, reduction="batchmean")  # cure: return kl_div(scores.log_softmax(1), soft, reduction="batchmean")


print(f"teacher: test accuracy {teacher.score(scaler.inverse_transform(x_test), y_test):.3f}")
for epoch in range(1, 61):
    for idx in torch.randperm(len(x_train)).split(20):
        optimizer.zero_grad()
        loss = distance(student(x_train[idx]), votes[idx])
        loss.backward()
        optimizer.step()
    if epoch % 6 == 0:
        with torch.no_grad():
            scores = student(x_test)
            gap = (scores.softmax(1) - test_votes).abs().mean()
            print(f"epoch {epoch:2d}  train {distance(student(x_train), votes):9.4f}  test {distance(scores, test_votes):9.4f}  "
                  f"gap to teacher {gap:.3f}  accuracy {(scores.argmax(1) == y_test).float().mean():.3f}")
