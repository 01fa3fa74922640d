"""What random repositories are made of: dice that do not disturb each other, names, texts, filters."""
import random

PLAIN_NAMES = ["alpha.txt", "beta.md", "gamma.c", "delta.py", "README.md", "main.go", "data.json", "Makefile"]
ODD_NAMES = [
    "with space.txt", "ünïcode-ß.txt", "-dash.txt", "new\nline.txt", "quote'\".txt", "tab\there.txt",
    "back\\slash.txt", "star*.txt", "[set].txt", ":colon.txt", "#hash.txt", "!bang.txt", "$HOME.txt", "dot..txt",
]
FOLDERS = ["", "", "", "src", "src/deep", "lib", "docs", "a b"]

# Each with clean, smudge and the attribute's name; record.ALTERED takes back what they do.
FILTERS = {
    "stamp": ("sed 's/@stamp:[^@]*@/@stamp@/'", "sed 's/@stamp@/@stamp:now@/'"),
    "grow": ("sed 's/^/>/'", "cat"),  # not idempotent: each add changes the text again
}


class Dice(random.Random):
    """Random choices by a name, so that one kind more or less leaves all other choices as they were."""

    def __init__(self, name):
        super().__init__(name)
        self.name = name

    def sub(self, name):
        return Dice(f"{self.name}/{name}")

    def chance(self, probability):
        return self.random() < probability

    def some(self, values, at_most):
        """Up to so many of the values, in their order."""
        values = list(values)
        count = self.randint(0, min(at_most, len(values)))
        chosen = set(self.sample(range(len(values)), count))
        return [value for index, value in enumerate(values) if index in chosen]

    def text(self, about, lines=0):
        """A text that is nowhere else."""
        count = lines or self.randint(1, 6)
        return "".join(f"{about} {line} {self.getrandbits(64):016x}\n" for line in range(count))


def crlf(text):
    return text.replace("\n", "\r\n")
