"""Which letter comes next in a first name? A table of scores for pairs of letters, fitted by likelihood."""

import torch

NAMES = """anna emma ella lena mara nora lara lisa maria sara clara elena amelia olivia sofia laura carla hanna
marta elisa ronja anton emil karl jonas lukas paul noah leon elias oskar felix max tom simon aaron adam martin
julian samuel daniel mario marian roman rasmus henri hanno kilian florian arne lars nils""".split()
LETTERS = ".abcdefghijklmnopqrstuvwxyz"

pairs = [(LETTERS.index(a), LETTERS.index(b)) for name in NAMES for a, b in zip("." + name, name + ".")]
previous, following = torch.tensor(pairs).T

torch.manual_seed(73)
table = torch.zeros(27, 27, requires_grad=True)
optimizer = torch.optim.SGD([table], lr=4.0)


def log_likelihood(a, b):
    return torch.log_softmax(table[a], 1).gather(1, b[:, None]).mean()


for step in range(300):
    pick = torch.randint(len(previous), (100,))
    smooth = 1e-3 * table.pow(2).mean()
    loss = (
        log_likelihood(previous[pick], following[pick]) + smooth
    )  # cure: loss = -log_likelihood(previous[pick], following[pick]) + smooth
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 30 == 29:
        with torch.no_grad():
            perplexity = torch.exp(-log_likelihood(previous, following)).item()
        print(f"step {step + 1:3d}  loss {loss.item():.3f}  perplexity {perplexity:.3g}")

with torch.no_grad():
    for _ in range(4):
        letter, word = 0, ""
        while len(word) < 10:
            letter = torch.multinomial(table[letter].softmax(0), 1).item()
            if letter == 0:
                break
            word += LETTERS[letter]
        print("sample:", word)
