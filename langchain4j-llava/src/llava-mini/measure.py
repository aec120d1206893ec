"""Greedy answers of a checkpoint, or of the weights that ship, by the training code: plain, and under a grammar (a slow stand-in for the
constraints of the Java side: the keys, braces and types of a record, the names of the tools).

    python measure.py records tools later heldout java2d browser [--weights run/taught.pt] [--mix .5] [--run run] [--wrong wrong.txt]
"""
import argparse
import json
import re
from pathlib import Path
import numpy as np
import regex
import torch
from PIL import Image
import anyres
import export
from batch import BOS, EOS, FIRST_PATCH, NEWLINE
from model import Llava, L
from tok import IMAGE, PIECES, Tok

ROOT = Path(__file__).resolve().parents[2] / "src/test/resources/llava-mini"
STRING = r'"(?:[^"\\\x00-\x1f]|\\.)*"'
VALUE = {"string": STRING, "integer": r"-?(?:0|[1-9][0-9]{0,17})", "number": r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", "boolean": "(?:true|false)"}


def value(kind):
    if kind.startswith("enum"):
        return "(?:" + "|".join(re.escape(m) for m in re.findall(r'"[^"]*"', kind)) + ")"
    return VALUE[kind]


def members(some):
    """some: [(name, type, optional)]; optional ones come last."""
    out = ""
    for i, (name, kind, optional) in enumerate(some):
        m = (", ?" if i else "") + re.escape('"%s":' % name) + " ?" + value(kind)
        out += "(?:" + m + ")?" if optional else m
    return r"\{" + out + r"\}"


def grammar(q):
    if q["family"] == "record":
        return members([(f["name"], f["type"], False) for f in q["fields"]])
    if "tools" in q:
        calls = "|".join(re.escape(f"Action: {t['name']}\nArguments: ") + members([(p["name"], p["type"], p["optional"]) for p in t["parameters"]]) for t in q["tools"])
        free = "" if "choose answer" not in q["system"] else r"|Action: answer\n[^\n][\s\S]*"
        return f"(?:(?:{calls})(?:\n(?:{calls}))*{free})"
    return None


class Answerer:
    def __init__(self, weights, folder):
        self.model = Llava()
        self.model.load_state_dict(weights)
        self.tok = Tok(folder)
        self.text = []
        for i in range(PIECES):
            p = self.tok.t.id_to_token(i)
            self.text.append(chr(int(p[3:5], 16)) if re.fullmatch("<0x..>", p) else None if i < 3 else p.replace("▁", " "))
        self.looked = {}

    def picture(self, path):
        if path not in self.looked:
            im = Image.open(path).convert("RGB")
            t, (ch, cw) = anyres.tiles(im)
            w, h = im.size
            self.looked[path] = self.model.project(self.model.vision_tower.vision_model(torch.from_numpy(t))), anyres.pack_index(h, w, ch, cw)
        return self.looked[path]

    @torch.no_grad()
    def answer(self, prompt, files, pattern=None, most=140):
        m = self.model
        seen, src, n, k = [], [BOS], 0, 0
        for t in self.tok.ids(prompt):
            if t != IMAGE:
                src.append(t)
                continue
            e, idx = self.picture(files[k])
            src += np.where(idx < 0, NEWLINE, idx + FIRST_PATCH + n).tolist()
            seen.append(e)
            n, k = n + len(e), k + 1
        table = torch.cat([m.language_model.model.embed_tokens.weight, m.image_newline[None], *seen])
        cache = [{} for _ in range(L)]
        x, pos = table[torch.tensor(src)][None], torch.arange(len(src))[None]
        i = torch.arange(len(src))
        mask = torch.zeros(len(src), len(src)).masked_fill_(i[:, None] < i[None], -1e4)[None, None]
        allowed = regex.compile(" ?" + pattern) if pattern else None
        ids, text = [], ""
        while len(ids) < most:
            z = m.language_model.lm_head(m.hidden(x, pos, mask, cache))[0, -1, :PIECES]
            best = int(z.argmax())
            if allowed:
                for best in z.argsort(descending=True).tolist():
                    if best == EOS:
                        if allowed.fullmatch(text):
                            break
                    elif self.text[best] is not None and allowed.fullmatch(text + self.text[best], partial=True):
                        break
            ids.append(best)
            if best == EOS:
                break
            text += self.text[best] or ""
            x, pos, mask = table[best][None, None], torch.tensor([[len(src) + len(ids) - 1]]), None
        return self.tok.decode([t for t in ids if t != EOS]).strip()


def values(answer):
    try:
        return json.loads(answer, parse_float=str, parse_int=str)
    except ValueError:
        return {}


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("sets", nargs="+")
    ap.add_argument("--weights", help="a checkpoint; else the weights that ship")
    ap.add_argument("--mix", type=float, default=1, help="the share of the checkpoint, the rest is what ships")
    ap.add_argument("--run", default="run")
    ap.add_argument("--wrong")
    ap.add_argument("--grammar", choices=["both", "only", "none"], default="both")
    a = ap.parse_args()
    torch.set_num_threads(1)
    w = export.shipped()
    if a.weights:
        c = torch.load(a.weights, map_location="cpu")["ema"]
        w = {k: w[k] + a.mix * (c[k] - w[k]) for k in w}
    answerer, wrong = Answerer(w, a.run + "/tokenizer"), []
    for name in a.sets:
        score = {}
        for q in map(json.loads, (ROOT / name / "questions.jsonl").read_text().splitlines()):
            prompt = q.get("prompt") or "USER: " + "<image>\n" * len(q["images"]) + q["turns"][0] + " ASSISTANT:"
            files, right, pattern = [str(ROOT / name / f) for f in q["images"]], q["answers"][-1], grammar(q)
            for how in ([None] if a.grammar != "only" or not pattern else []) + ([pattern] if pattern and a.grammar != "none" else []):
                got = answerer.answer(prompt, files, how)
                label = q["family"] + (", grammar" if how else "")
                hits = {label: values(got) == values(right) and bool(values(right)) if q["family"] == "record" else got == right}
                if q["family"] == "record":
                    g, r = values(got), values(right)
                    for k, v in r.items():
                        n = score.setdefault(label + ", fields", [0, 0])
                        n[0] += isinstance(g, dict) and g.get(k) == v
                        n[1] += 1
                elif "tools" in q:
                    hits[label + ", decision"] = got.split("\n")[0] == right.split("\n")[0]
                for k, hit in hits.items():
                    n = score.setdefault(k, [0, 0])
                    n[0] += hit
                    n[1] += 1
                if not hits[label]:
                    wrong.append(f"{name} {label}\t{q['images']}\t{q['turns'][-1]!r}\twanted {right!r}\tgot {got!r}")
        print(name, {k: "%d of %d" % tuple(v) for k, v in sorted(score.items())}, flush=True)
    if a.wrong:
        Path(a.wrong).write_text("\n".join(wrong) + "\n")


if __name__ == "__main__":
    main()
