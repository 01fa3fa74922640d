"""Figures of a benchmark: what each round found, next to what the same work took by other means in that round."""
import json
import statistics


class Figure:
    """One figure. `script`: the same work by a plain script; `others`: as comparable tools do it."""

    def __init__(self, name, unit, bar=None, of="ours"):
        """`bar`: the most that is allowed (of `ours`, or of the ratio to `script` where `of` is "ratio")."""
        self.name, self.unit, self.bar, self.of = name, unit, bar, of
        self.samples = {"ours": [], "script": [], "others": []}

    def add(self, ours, script=None, others=None):
        for name, value in (("ours", ours), ("script", script), ("others", others)):
            self.samples[name].append(value)

    def values(self, name):
        return [value for value in self.samples[name] if value is not None]

    def ratios(self):
        """Of each round: the rounds of one figure are not alike, the two halves of a round are."""
        pairs = zip(self.samples["ours"], self.samples["script"])
        return [ours / script for ours, script in pairs if ours is not None and script]

    def summary(self):
        found = {"unit": self.unit}
        for name in self.samples:
            if self.values(name):
                found[name] = spread(self.values(name))
        if self.ratios():
            found["ratio"] = spread(self.ratios())
        if self.bar is not None:
            judged = found.get(self.of, {}).get("median")
            found["bar"] = {"at_most": self.bar, "of": self.of, "met": judged is not None and judged <= self.bar}
        return found


class Figures:
    """All figures of a family, made as they are first named."""

    def __init__(self):
        self.all = {}

    def add(self, name, unit, ours, script=None, others=None, bar=None, of="ours"):
        figure = self.all.setdefault(name, Figure(name, unit, bar, of))
        figure.add(ours, script, others)


def spread(values):
    return {
        "median": short(statistics.median(values)), "least": short(min(values)), "most": short(max(values)),
        "rounds": len(values),
    }


def short(value):
    """Four digits that count: more is noise."""
    return float(f"{value:.4g}")


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def cell(found):
    if not found:
        return ""
    text = f"{found['median']:g}"
    return text if found["rounds"] == 1 else f"{text} ({found['least']:g}-{found['most']:g})"


def table(summaries):
    """Text for people: a row a figure, medians with the least and the most of all rounds."""
    rows = [("figure", "unit", "rounds", "ours", "plain script", "other way", "ratio", "bar")]
    for name, found in summaries.items():
        bar = found.get("bar")
        judged = ""
        if bar:
            what = "" if bar["of"] == "ours" else "ratio "
            judged = f"{'ok' if bar['met'] else 'MISSED'}: {what}<= {bar['at_most']:g}"
        rounds = str(found["ours"]["rounds"]) if "ours" in found else "0"
        rows.append((name, found["unit"], rounds, *(cell(found.get(part)) for part in
                     ("ours", "script", "others", "ratio")), judged))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in rows)


def as_json(summaries, about):
    return json.dumps({"about": about, "figures": summaries}, indent=2)
