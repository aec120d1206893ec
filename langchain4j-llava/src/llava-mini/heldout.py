"""Draws the held-out split to files, for evaluate.py and for the tests of other implementations.

    python heldout.py [--out heldout] [--per-family 60] [--fonts]     # --fonts: only with fonts never used in training

out/questions.jsonl: {"family", "images": [file], "turns": [question, ...], "answers": [answer, ...]}; the last answer is
scored. The seeds ("heldout...") are never used in training, nor are the unknown-questions asked here.
"""
import argparse
import json
import os
import random
import tasks


def build(out, per_family, fonts=False):
    os.makedirs(out + "/images", exist_ok=True)
    count, lines, i = {f: 0 for f in tasks.FAMILIES}, [], 0
    while min(count.values()) < per_family and i < 60 * per_family:
        rng = random.Random(f"heldout-final{i}")
        s = tasks.make(rng, held_out=True, held_out_fonts=fonts, ngroups=9)
        files = None
        for group in s.groups:
            for t in range(len(group)):
                fam = "second" if t and group[t][2] not in ("two", *tasks.READING) else group[t][2]     # whether the second turn still knows the picture
                if t == 0 and len(group) > 1 and rng.random() < .7:
                    continue                     # most conversations are asked once, to their end
                if count[fam] >= per_family or s.system:
                    continue
                if files is None:
                    files = []
                    for k, p in enumerate(s.pics):
                        name = f"images/{i:05d}-{k}.png"
                        p.finish().save(f"{out}/{name}")
                        files.append(name)
                count[fam] += 1
                lines.append({"family": fam, "images": files, "turns": [q for q, _, _ in group[:t + 1]], "answers": [a for _, a, _ in group[:t + 1]]})
        i += 1
    with open(out + "/questions.jsonl", "w") as f:
        f.writelines(json.dumps(l) + "\n" for l in lines)
    return lines


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--out", default="heldout")
    ap.add_argument("--per-family", type=int, default=60)
    ap.add_argument("--fonts", action="store_true")
    a = ap.parse_args()
    print(len(build(a.out, a.per_family, a.fonts)), "questions in", a.out)
