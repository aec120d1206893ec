"""A fast held-out score for the trainer: an answer counts when every one of its tokens (and the end) is the most likely
one given the right tokens before it, which is the case exactly when greedy decoding writes this answer."""
import functools
import random
import numpy as np
import torch
import tasks
from batch import Encoder, collate, mask

_rows = {}


@functools.lru_cache(None)
def sample(tdir, n=150):
    """Tiles of training pictures, to measure the mean of their embeddings with."""
    enc, tiles = Encoder(tdir), []
    for i in range(n):
        rng = random.Random(f"sample{i}")
        tiles += enc.row(tasks.make(rng, mix=[30, 26, 26, 9, 0, 0]), rng).tiles
    return torch.from_numpy(np.concatenate(tiles))


def held_out_rows(tdir, n, **kw):
    key = (n, str(kw))
    if key not in _rows:
        enc, rows = Encoder(tdir), []
        for i in range(n):
            rng = random.Random(f"heldout{i}")
            rows.append(enc.row(tasks.make(rng, held_out=True, ngroups=7, **kw), rng))
        _rows[key] = sorted(rows, key=lambda r: r.n)
    return _rows[key]


@torch.no_grad()
def scores(model, tdir, dev, n=240, **kw):
    rows, got = held_out_rows(tdir, n, **kw), {}
    for i in range(0, len(rows), 16):
        part = rows[i:i + 16]
        b = {k: v.to(dev) if torch.is_tensor(v) else v for k, v in collate(part).items()}
        with torch.autocast(dev, dtype=torch.bfloat16, enabled=dev == "cuda"):
            x, _ = model.embed(b["tiles"], b["src"])
            h = model.hidden(x, b["pos"], mask(b["seg"]))
            ok = model.language_model.lm_head(h).argmax(-1) == b["lab"]
        for j, r in enumerate(part):
            for (s, e), (f, turn) in zip(r.ans, r.fams):
                hit = bool(ok[j, s:e].all())
                for name in (f, "second") if turn and f != "two" else (f,):
                    g = got.setdefault(name, [0, 0])
                    g[0] += hit
                    g[1] += 1
    return {f: got[f] for f in tasks.FAMILIES if f in got}


def evaluate(model, ema, tdir, dev, **kw):
    """Scores of the averaged weights, as {family: percent (count)}."""
    now = {n: p.detach().clone() for n, p in model.named_parameters()}
    with torch.no_grad():
        for n, p in model.named_parameters():
            p.copy_(ema[n])
        model.measure_center(sample(tdir).to(dev))
        res = scores(model, tdir, dev, **kw)
        for n, p in model.named_parameters():
            p.copy_(now[n])
    return {f: f"{100 * a / n:.0f} ({n})" for f, (a, n) in res.items()}
