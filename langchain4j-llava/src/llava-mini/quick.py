"""A fast held-out score for the trainer: an answer counts when every one of its tokens (and the end) is the most likely
one given the right tokens before it, which is the case exactly when greedy decoding writes this answer."""
import random
import torch
import records
import tasks
from batch import Encoder, collate, mask, moved


def held_out_rows(tdir, n, render=True, new=0, **kw):
    """n samples of tasks.py, `new` ones of records.py."""
    enc = Encoder(tdir)
    rows = []
    for i in range(n + new):
        rng = random.Random(f"heldout{i}" if i < n else f"heldout-records{i - n}")
        make = tasks.make if i < n else records.make
        rows.append(enc.row(make(rng, held_out=True, ngroups=7, **kw), rng, render=render))
    return sorted(rows, key=lambda r: r.n)


@torch.no_grad()
def score(model, rows, embed, collate=collate):
    """{family: (right, asked)}; embed: from a batch to the embeddings of its positions."""
    got = {}
    for i in range(0, len(rows), 12):
        part = rows[i:i + 12]
        b = moved(collate(part))
        ok = model.language_model.lm_head(model.hidden(embed(b), b["pos"], mask(b["seg"]))).argmax(-1) == b["lab"]
        for j, r in enumerate(part):
            for (s, e), (f, turn) in zip(r.ans, r.fams):
                hit = bool(ok[j, s:e].all())
                for name in (f, "second") if turn and f not in ("two", *tasks.READING, *records.FAMILIES) else (f,):
                    a, n = got.get(name, (0, 0))
                    got[name] = a + hit, n + 1
    return {f: got[f] for f in [*tasks.FAMILIES, *records.FAMILIES] if f in got}


def percent(scores):
    return {f: f"{100 * a / n:.0f} ({n})" for f, (a, n) in scores.items()}
