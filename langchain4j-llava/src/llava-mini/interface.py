"""What the embedding of a patch says: the sum of what the dense labels say, each as the text embedding of its name, turned
its own way. The tower learns to produce these sums, the decoder to read them, each on its own, before they meet."""
import os
import random
import types
import torch
import torch.nn as nn
import tasks
from batch import Encoder, IGNORE, DEVICE
from dense import placed, starts
from draw import CHARS, COLOR_NAMES, SHAPES
from model import D, HEADS
from tok import Tok, VOCAB
from words import LABELLED

WHERE = ("top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right")
SCALE = {"char0": .5, "char1": .5, "shape": 1., "color": 1., "word": 1., "role": .6, "nkind": .6, "ncolor": .6, "ntotal": .5, "where": .6,
         **{f"str{i}": .6 for i in range(5)}, "row": .35, "column": .35}


def table(emb, tk, seed=7):
    """[1 + sum of HEADS, D]; row 0, of unclear labels, is zero. emb: the text embeddings, of norm about 1."""
    g = torch.Generator().manual_seed(seed)

    def turn():
        return torch.linalg.qr(torch.randn(D, D, generator=g))[0]
    first = lambda s: emb[tk.after_text(" " + s)[-1 if len(s) == 1 else 0]]         # a digit is a piece of its own, after the space
    same = torch.eye(D)
    none = torch.zeros(D)
    chars = [none, none] + [first(c) for c in CHARS]
    other = torch.randn(D, generator=g) * D ** -.5
    rows = [none[None]]
    for k, n in HEADS.items():
        if k.startswith("char") or k.startswith("str"):
            e = torch.stack(chars + [emb[tk.after_text(" .")[-1]]] * (n - len(chars)))
            e[1] = other
            e = e @ (same if k == "char0" else turn()).T
        elif k == "color":
            e = torch.stack([none] + [first(c) for c in COLOR_NAMES])
        elif k == "shape":
            e = torch.stack([none] + [first(c) for c in SHAPES])
        elif k == "word":
            e = torch.stack([none, other] + [first(c) for c in LABELLED])
        elif k in ("nkind", "ncolor", "ntotal"):
            e = torch.stack([none] + [first(str(i)) for i in range(1, n)]) @ turn().T
        elif k == "where":
            a, b = turn(), turn()
            e = torch.stack([first(w.split()[0]) @ a.T + (first(w.split()[1]) @ b.T if " " in w else 0) for w in WHERE])
        else:
            e = torch.randn(n, D, generator=g) * D ** -.5
            if k == "role":
                e[0] = 0
        rows.append(e * SCALE[k])
    return torch.cat(rows)


SURE = 8
LABELS_ONLY = dict(k=1, ss=1)                 # for pictures that are never rendered: the cheapest size


def index(lab):
    """Labels [n, G*G, channels] -> rows of the table [n*G*G, heads]."""
    lab = placed(lab)
    return torch.where(lab == IGNORE, 0, lab + 1 + starts(lab.device))


def embedding(rows, ideal):
    """The sums of the table's rows, [patches, D], their mean over many pictures taken out."""
    return nn.functional.embedding_bag(rows, ideal.table, mode="sum") - ideal.mean


def distance(got, lab, some, ideal):
    """How far embeddings are from those of their labels: 0 for equal, 1 for no better than the mean. Of the patches that tell
    something (batch.telling): over all of them, the many empty ones teach the projector to whisper colours (at 0.35 of their strength)."""
    got, want = got.reshape(-1, D).index_select(0, some), embedding(index(lab)[some], ideal)
    return (got - want).pow(2).sum(-1).mean() / want.pow(2).sum(-1).mean()


def heads(ideal):
    """Heads for dense.loss that ask an embedding what the table says, as a decoder would: by its products with the rows. A full
    product is SURE; a third of it is the threshold where "nothing" has a row of zeros."""
    names = [k for k, n in HEADS.items() for _ in range(n)]
    t = ideal.table[1:]
    w = t * (SURE / torch.tensor([SCALE[k] ** 2 for k in names], device=t.device))[:, None]
    return w, w @ ideal.mean + SURE / 3 * (t.norm(dim=1) == 0)


def load(run):
    """run/interface.pt, drawn when it does not exist: the text embeddings that training begins with, the table, the mean."""
    path = os.path.join(run, "interface.pt")
    if not os.path.exists(path):
        g = torch.Generator().manual_seed(11)
        emb = torch.randn(VOCAB, D, generator=g) * D ** -.5
        folder = os.path.join(run, "tokenizer")
        tab, enc, lab = table(emb, Tok(folder)), Encoder(folder), []
        for i in range(150):
            rng = random.Random(f"interface{i}")
            lab += [torch.from_numpy(d) for d in enc.row(tasks.make(rng, mix=[40, 18, 24, 8, 0, 0], kw=LABELS_ONLY), rng, render=False).dense]
        mean = nn.functional.embedding_bag(index(torch.cat(lab)), tab, mode="sum").mean(0)
        torch.save({"embeddings": emb, "table": tab, "mean": mean}, path)
    return types.SimpleNamespace(**torch.load(path, map_location=DEVICE))
