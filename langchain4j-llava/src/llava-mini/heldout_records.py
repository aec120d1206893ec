"""Draws the held-out sets `records` and `tools` and extends `later`, for measure.py and for the tests of the Java side.

    python heldout_records.py            # below src/test/resources/llava-mini; the seeds are never used in training

A line of questions.jsonl is one of heldout.py's, with the prompt. `records` adds "fields": [{"name", "description", "type"}], `tools` "system"
(the block of tools, as the Java side writes it) and "tools": [{"name", "description", "parameters": [{"name", "type", "optional"}]}].
The last answer is scored.
"""
import json
import os
import random
import records
import tasks
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "src/test/resources/llava-mini"
LO = 12


def prompt(system, images, turns, answers):
    """images: how many pictures each turn has."""
    p = system + " " if system else ""
    for i, q in enumerate(turns):
        p += "USER: " + "<image>\n" * images[i] + q + " ASSISTANT:" + (" " + answers[i] + " " if i < len(turns) - 1 else "")
    return p


def scene(rng, use="one"):
    return records.new_scene(rng, dict(k=rng.choice([1., 1., 1.25]), ss=rng.choice([1, 1, 2])), LO, use)


def picture(s, folder, name):
    (folder / "images").mkdir(parents=True, exist_ok=True)
    s.pic.finish().convert("RGB").save(folder / "images" / name, optimize=True)
    return "images/" + name


def write(folder, lines):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "questions.jsonl").write_text("".join(json.dumps(l, ensure_ascii=False) + "\n" for l in lines))
    print(folder.name, len(lines))


def build_records(n=80):
    out, i, folder = [], 0, ROOT / "records"
    while len(out) < n:
        rng = random.Random(f"heldout-records-final{i}")
        i += 1
        s = scene(rng)
        got = [r for r in (records.record(rng, s) for _ in range(4)) if r]
        rng.shuffle(got)
        if not got:
            continue
        file = picture(s, folder, f"{i - 1:03d}.png")
        for text, answer, _, some in got[:2]:
            turns, answers = [text], [answer]
            if rng.random() < .12 and s.plain():
                q, a, _ = rng.choice(s.plain())
                turns, answers = [q] + turns, [a] + answers
            out.append({"family": "record", "images": [file], "turns": turns, "answers": answers,
                        "fields": [{"name": f, "description": d, "type": t} for f, d, t, _ in some],
                        "prompt": prompt(None, [1] + [0] * (len(turns) - 1), turns, answers)})
    write(folder, out)


def build_tools(n=100):
    out, i, folder = [], 0, ROOT / "tools"
    while len(out) < n:
        rng = random.Random(f"heldout-tools-final{i}")
        i += 1
        s = scene(rng) if rng.random() < .7 else None
        system, tools, groups = records.tool_sample(rng, s, 4, True)
        groups = [g for g in groups if len(g) < 3]
        if not groups:
            continue
        files = [picture(s, folder, f"{i - 1:03d}.png")] if s else []
        for g in groups[:3]:
            turns, answers = [t[0] for t in g], [t[1] for t in g]
            out.append({"family": g[-1][2], "images": files, "system": system, "turns": turns, "answers": answers,
                        "tools": [{"name": t.name, "description": t.about, "parameters": [{"name": n, "type": k, "optional": o} for _, n, k, o in t.params]}
                                  for t in tools],
                        "prompt": prompt(system, [len(files)] + [0] * (len(turns) - 1), turns, answers)})
    write(folder, out[:n])


def build_later(n=72):
    """What is there stays (its pictures are those of `heldout`); more of the same, and questions about the first and the second picture."""
    path = ROOT / "later/questions.jsonl"
    keep = [json.loads(l) for l in path.read_text().splitlines()][:24]
    qs = [json.loads(l) for l in (ROOT / "heldout/questions.jsonl").read_text().splitlines()]
    one = [q for q in qs if len(q["images"]) == 1 and len(q["turns"]) == 1 and q["family"] not in ("json", "unknown", "chat", "describe", "absent")]
    single = {}                                              # pictures with one shape, and what they show
    for q in one:
        t = q["turns"][0].lower()
        if q["family"] == "shape" and any(w in t for w in ("what shape is in", "which shape is this", "what shape is this", "which shape do you see", "what is the shape", "name the shape.", "which shape is shown")):
            single.setdefault(q["images"][0], {})["shape"] = q["answers"][0]
        if q["family"] == "colour" and ("the shape" in t or "is it" in t):
            single.setdefault(q["images"][0], {})["color"] = q["answers"][0]
    rng, out = random.Random("heldout-later"), []
    while len(out) < n - 24:
        a, b = rng.sample(one, 2)
        if a["images"] == b["images"] or a["answers"] == b["answers"]:
            continue
        q, right = b["turns"][0], b["answers"][0]
        if len(out) % 3 == 2:                                # which of the two is asked about is said
            which, k = rng.choice(sorted((p, k) for p, v in single.items() for k in v))
            other = rng.choice([p for p in single if p != which and single[p].get(k) not in (None, single[which][k])])
            first = rng.random() < .5
            a = rng.choice([x for x in one if x["images"][0] == (which if first else other)])
            b = {"images": [other if first else which]}
            q = {"shape": "What shape is in the {} picture?", "color": "What color is the shape in the {} picture?"}[k].format("first" if first else "second")
            right = single[which][k]
        turns, answers = [a["turns"][0], q], [a["answers"][0], right]
        out.append({"family": "later", "images": ["../heldout/" + a["images"][0], "../heldout/" + b["images"][0]], "turns": turns, "answers": answers,
                    "prompt": prompt(None, [1, 1], turns, answers)})
    write(ROOT / "later", keep + out)


if __name__ == "__main__":
    build_records()
    build_tools()
    build_later()
