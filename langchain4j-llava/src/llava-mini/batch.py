"""Samples -> tensors. Several independent conversations about the same picture(s) share one row: each sees the common
prefix (pictures) and itself only, at the positions it would have alone, so the arithmetic is that of separate rows."""
import os
import random
import time
import numpy as np
import torch
import torch.nn.functional as F
import anyres
import tasks
from anyres import T, P, G
from draw import CHAR_ID, ROLES
from tok import Tok, VOCAB, IMAGE
from words import LABELLED

EOS, BOS = 2, 1
NEWLINE = VOCAB                                  # rows of the embedding table: vocabulary, newline, patches
FIRST_PATCH = VOCAB + 1
IGNORE = -100
# Dense labels of a patch: characters in its left and right half; shape, colour, printed word and its role, the word's first
# five characters; how many shapes are of this kind, of this colour, in all, and where this one is (overview only).
SHAPE, COLOR, WORD, ROLE, NKIND, NCOLOR, NTOTAL, WHERE, STR = 2, 3, 4, 5, 6, 7, 8, 9, 10
CHANNELS = 15
WORD_ID = {w: i + 2 for i, w in enumerate(LABELLED)}            # 0 = no word, 1 = any other
STR_ID = {**CHAR_ID, ".": max(CHAR_ID.values()) + 1}


class Row:
    __slots__ = ("cost", "src", "seg", "pos", "lab", "tiles", "dense", "n", "qa", "ans", "fams")


def spans(lo, hi, n, share):
    """Cells of P pixels, of n, of which [lo, hi) covers at least `share` (or which hold at least 60 % of it)."""
    c = np.arange(max(0, int(lo // P)), min(n, int(hi // P) + 1))
    over = np.minimum(hi, (c + 1) * P) - np.maximum(lo, c * P)
    return c[(over >= share * P) | (over >= .6 * (hi - lo))]


def paint(lab, p, kx, ky, ox, oy, whole):
    """Labels of a grid [rows, columns, CHANNELS] of patches onto which the picture falls with scale (kx, ky), offset (ox, oy).
    whole: the overview, which sees the picture as a whole; else tiles of G x G patches, which see parts."""
    R, C = lab.shape[:2]
    for cid, x0, y0, x1, y1 in p.chars:
        x0, x1, y0, y1 = x0 * kx + ox, x1 * kx + ox, y0 * ky + oy, y1 * ky + oy
        tiny = whole and (y1 - y0 < 5 or x1 - x0 < 3.2 and cid != CHAR_ID["I"] and cid != CHAR_ID["l"])
        need = min(P, y1 - y0)
        for r in range(max(0, int(y0 // P)), min(R, int(y1 // P) + 1)):
            ov = min(y1, r * P + P) - max(y0, r * P)
            if ov <= .15 * need:
                continue
            v = cid if ov >= .45 * need and not tiny else IGNORE
            s0, s1 = int(np.ceil((x0 - P / 4) / (P / 2))), int(np.ceil((x1 - P / 4) / (P / 2)))
            for s in range(max(0, s0), min(2 * C, s1)):              # slot centres inside [x0, x1)
                lab[r, s // 2, s % 2] = v
    for w, role, edges, y0, y1 in p.words:
        y0, y1 = y0 * ky + oy, y1 * ky + oy
        e = np.array(edges) * kx + ox
        legible = y1 - y0 >= 5 and (e[-1] - e[0]) / len(w) >= (3.4 if whole else 3)
        cut = not whole and int(y0 // T) != int((y1 - 1) // T) and not .8 < (T - y0 % T) / (y1 - y0)
        rows = spans(y0, y1, R, .4)
        # What tiles see of the word: each its part.
        side = T if not whole else C * P
        mid = (e[1:] + e[:-1]) / 2
        for t in range(int(e[0] // side), int((e[-1] - .01) // side) + 1):
            k = np.nonzero((mid >= t * side) & (mid < (t + 1) * side))[0]
            lo, hi = max(e[0], t * side), min(e[-1], (t + 1) * side)
            cols = spans(lo, hi, C, .4)
            cols = cols[cols * P // side == t]
            if not len(rows) or not len(cols):
                continue
            at = np.ix_(rows, cols)
            v = lab[at]
            v[..., ROLE] = role
            seen = w[k[0]:k[-1] + 1] if len(k) else ""
            v[..., WORD] = WORD_ID.get(w, 1) if legible and not cut and (len(seen) == len(w) or len(seen) >= 3) else IGNORE
            v[..., STR:STR + 5] = [STR_ID.get(c, 1) for c in seen[:5]] + [0] * (5 - len(seen)) if legible and not cut and seen else IGNORE
            lab[at] = v
    for c, x0, y0, x1, y1 in p.fills:
        at = np.ix_(spans(y0 * ky + oy, y1 * ky + oy, R, .5), spans(x0 * kx + ox, x1 * kx + ox, C, .5))
        v = lab[at]
        v[..., COLOR], v[..., ROLE] = c, ROLES.index("button")
        lab[at] = v
    X = (np.arange(C) + .5) * P
    Y = (np.arange(R) + .5) * P
    for s, c, cx, cy, a, b in p.objs:
        dx = (np.abs(X - cx * kx - ox) / (a * kx))[None, :]
        dy = (np.abs(Y - cy * ky - oy) / (b * ky))[:, None]
        m = np.maximum(dx, dy)
        lab[np.maximum((dx * a * kx - P / 2) / (a * kx), (dy * b * ky - P / 2) / (b * ky)) < 1, SHAPE:COLOR + 1] = IGNORE      # touches the patch
        inside = dx + dy < .75 if s not in (1, 2, 4) else m < .65
        # The patch in the middle always says what is there.
        inside[min(R - 1, max(0, int((cy * ky + oy) // P))), min(C - 1, max(0, int((cx * kx + ox) // P)))] = True
        v = lab[inside]
        v[:, SHAPE], v[:, COLOR] = s, c
        if whole:
            v[:, NKIND] = sum(o[0] == s for o in p.objs)
            v[:, NCOLOR] = sum(o[1] == c for o in p.objs)
            third = lambda f: 0 if f < .395 else 2 if f > .605 else 1
            v[:, WHERE] = third(cy / p.h) * 3 + third(cx / p.w)
        lab[inside] = v
    if whole:
        lab[:, :, NTOTAL] = min(len(p.objs), 5)


def dense_labels(p, ch, cw, nat):
    """[tiles, G*G, CHANNELS]: what a patch shows; -100 where it is not clear."""
    gh, gw = ch // T, cw // T
    w, h = nat
    nh, nw, top, left = anyres.fitted(h, w, ch, cw)
    empty = np.zeros(CHANNELS, np.int16)
    empty[[NKIND, NCOLOR, NTOTAL, WHERE]] = IGNORE
    empty[STR:STR + 5] = IGNORE
    lab = np.tile(empty, (gh * G, gw * G, 1))
    paint(lab, p, nw / p.w, nh / p.h, left, top, False)
    base = np.tile(empty, (G, G, 1))
    paint(base, p, T / p.w, T / p.h, 0, 0, True)
    g = lab.reshape(gh, G, gw, G, CHANNELS).swapaxes(1, 2).reshape(gh * gw, G * G, CHANNELS)
    return np.concatenate([base.reshape(1, G * G, CHANNELS), g])


class Encoder:
    def __init__(self, tok_dir):
        self.tok = Tok(tok_dir)
        self.q = {}

    def turns(self, group, has_image, rng):
        """Ids and labels of one conversation after the shared prefix."""
        ids, lab = [], []
        eos_form = rng.random() < .4              # later turns follow the answer directly (HF template) or </s> (original Vicuna)
        for i, (q, a, _) in enumerate(group):
            if i == 0:
                head = ("\n" if has_image else " ") + q + " ASSISTANT:"
                k = (has_image, head)
                if k not in self.q:
                    if len(self.q) > 50000:
                        self.q.clear()
                    self.q[k] = self.tok.after_image(head) if has_image else self.tok.after_text(head)
                h = self.q[k]
            else:
                h = self.tok.after_text(" USER: " + q + " ASSISTANT:") if not eos_form else self.tok.ids("USER: " + q + " ASSISTANT:")
            ans = self.tok.after_text(" " + a)
            last = i == len(group) - 1
            # In the template's form nothing marks the end of an earlier answer in the history, but the model must end there itself.
            ids += h + ans
            lab += [IGNORE] * (len(h) - 1) + ans + [EOS]
            if eos_form and not last:
                ids.append(EOS)
                lab.append(IGNORE)
        return ids, lab

    def look(self, p, render):
        """Tiles, dense labels and canvas of a picture; without render the tiles have no pixels."""
        w, h = p.native
        if render:
            t, (ch, cw) = anyres.tiles(p.finish())
        else:
            ch, cw = anyres.best_resolution(h, w)
            t = np.zeros((1 + ch * cw // (T * T), 0), np.uint8)
        return t, dense_labels(p, ch, cw, p.native), (ch, cw)

    def row(self, s, rng, render=True):
        r = Row()
        tk = self.tok
        r.tiles, r.dense, npatch = [], [], 0
        pics = [p for e in s.earlier for p in e[0]] + s.pics
        text = s.system + " " if s.system else ""
        for e, q, a in s.earlier:
            text += "USER: " + "<image>\n" * len(e) + q + " ASSISTANT: " + a + " "
        text += "USER:" + (" " + "\n".join(["<image>"] * len(s.pics)) if s.pics else "")
        parts = []
        for p in pics:
            t, d, (ch, cw) = self.look(p, render)
            idx = anyres.pack_index(*p.native[::-1], ch, cw)
            parts.append(np.where(idx < 0, NEWLINE, idx + FIRST_PATCH + npatch))
            r.tiles.append(t)
            r.dense.append(d)
            npatch += len(t) * G * G
        src, k = [BOS], 0
        for t in tk.ids(text):
            if t == IMAGE:
                src.extend(parts[k].tolist())
                k += 1
            else:
                src.append(t)
        n0 = len(src)
        seg, pos, lab = [0] * n0, list(range(n0)), [IGNORE] * n0
        r.ans, r.fams = [], []                           # for evaluation: (first, end) of each answer's labels; family, turn
        for g, group in enumerate(s.groups):
            ids, l = self.turns(group, bool(s.pics), rng)
            if len(src) + len(ids) > 1000 and r.ans:
                break
            k = len(src)
            for turn, (_, _, f) in enumerate(group):
                while l[k - len(src)] == IGNORE:
                    k += 1
                k0 = k
                while l[k - len(src)] != IGNORE and l[k - len(src)] != EOS:
                    k += 1
                k += 1                                   # the EOS label
                r.ans.append((k0, k))
                r.fams.append((f, turn))
            src += ids
            seg += [g + 1] * len(ids)
            pos += range(n0, n0 + len(ids))
            lab += l
        r.src, r.seg, r.pos, r.lab = (np.array(v, np.int64) for v in (src, seg, pos, lab))
        r.n = len(r.src)
        r.cost = max(r.n, sum(len(t) for t in r.tiles) * (G * G + 1))
        r.qa = sum(len(g) for g in s.groups)
        return r


def telling(lab):
    """The patches to learn from, as indices into all of lab's: most are empty; all labelled ones and a twelfth of the empty ones."""
    lab = lab.reshape(-1, CHANNELS)
    return ((lab[:, :6].clamp(min=0).sum(1) > 0) | (torch.rand(len(lab)) < 1 / 12)).nonzero().squeeze(1)


def collate(rows):
    L = -(-max(r.n for r in rows) // 16) * 16
    B = len(rows)
    src, lab = np.zeros((B, L), np.int64), np.full((B, L), IGNORE, np.int64)
    seg, pos = np.full((B, L), -1, np.int32), np.zeros((B, L), np.int32)
    wt = np.zeros((B, L), np.float32)                    # a long answer (SVG, JSON) must not drown a short one: 1/sqrt(length)
    tiles, dense, off = [], [], 0
    for i, r in enumerate(rows):
        src[i, :r.n] = np.where(r.src >= FIRST_PATCH, r.src + off, r.src)
        lab[i, :r.n], seg[i, :r.n], pos[i, :r.n] = r.lab, r.seg, r.pos
        for s, e in r.ans:
            wt[i, s:e] = (e - s) ** -.5
        for t, d in zip(r.tiles, r.dense):
            tiles.append(t)
            dense.append(d)
            off += len(t) * G * G
    tiles = np.concatenate([t.reshape(len(t), -1) for t in tiles]) if tiles else np.zeros((0, 3 * T * T), np.uint8)
    tiles = tiles.reshape(-1, 3, T, T) if tiles.shape[1] else tiles
    dense = np.concatenate(dense) if dense else np.zeros((0, G * G, CHANNELS), np.int16)
    b = {k: torch.from_numpy(v) for k, v in dict(src=src, lab=lab, wt=wt, seg=seg, pos=pos, tiles=tiles, dense=dense).items()}
    # Found here, by the data workers: a GPU would have to be waited for.
    b["at"] = (b["lab"].view(-1) != IGNORE).nonzero().squeeze(1)
    b["some"] = telling(b["dense"])
    return {**b, "rows": B, "qa": sum(r.qa for r in rows)}


def mask(seg, dtype=torch.float32):
    """Additive: 0 where a query position may look, else very negative."""
    L = seg.shape[1]
    i = torch.arange(L, device=seg.device)
    ok = (i[:, None] >= i[None, :])[None] & ((seg[:, None, :] == 0) | (seg[:, None, :] == seg[:, :, None]))
    return torch.zeros(ok.shape, dtype=dtype, device=seg.device).masked_fill_(~ok, -1e4)[:, None]


def batches(rows, budget, order, cost):
    """Neighbours of the sorted rows that cost `budget` together, padding included, in any order."""
    out, cur = [], []
    for r in rows:
        if cur and (len(cur) + 1) * max(cost(r), cost(cur[-1])) > budget:
            out.append(cur)
            cur = []
        cur.append(r)
    out.append(cur)
    order.shuffle(out)
    return map(collate, out)


def answer_loss(model, b, x):
    """The loss of the answers' tokens given the embeddings x, weighted (collate), and the share of them that come first."""
    at, lab = b["at"], b["lab"].view(-1)[b["at"]]
    z, w = model.language_model.lm_head(model.hidden(x, b["pos"], mask(b["seg"]), at=at)), b["wt"].view(-1)[at]
    loss = (F.cross_entropy(z, lab, reduction="none") * w).sum() / w.sum()
    return loss, (z.detach().argmax(-1) == lab).float().mean()


class Stream(torch.utils.data.IterableDataset):
    """Endless batches of about `budget` positions; rows of similar cost go together. Drawing costs time too: each drawn row is
    used about `uses` times, with some thousands of rows in between. scene: from the seconds since the beginning to the arguments
    of tasks.make. Without render, rows have labels but no pixels."""
    KEPT = 5000

    def __init__(self, tok_dir, seed, budget, scene, uses, render=True):
        self.tok_dir, self.seed, self.budget, self.scene, self.uses, self.render = tok_dir, seed, budget, scene, uses, render

    def __iter__(self):
        torch.set_num_threads(1)
        worker = torch.utils.data.get_worker_info()
        enc, k, order, kept, t0 = Encoder(self.tok_dir), worker.id, random.Random(f"order{self.seed}-{worker.id}"), [], time.time()
        cost = (lambda r: r.cost) if self.render else (lambda r: r.n)
        while True:
            pool = []
            while len(pool) < max(64, self.budget // 100):
                if kept and order.random() > 1 / self.uses:
                    pool.append(order.choice(kept))
                    continue
                rng = random.Random(f"train{self.seed}-{k}")
                k += worker.num_workers
                pool.append(enc.row(tasks.make(rng, **self.scene(time.time() - t0)), rng, self.render))
                if len(kept) < self.KEPT:
                    kept.append(pool[-1])
                else:
                    kept[order.randrange(self.KEPT)] = pool[-1]
            pool.sort(key=lambda r: cost(r) + order.random() * 8)
            yield from batches(pool, self.budget, order, cost)


DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
GPU = DEVICE == "cuda"
if GPU:
    torch.set_float32_matmul_precision("high")           # TF32


def loader(dataset):
    """Batches on the device. Beside a GPU all processors draw; else one draws while the others learn."""
    data = torch.utils.data.DataLoader(dataset, batch_size=None, num_workers=os.cpu_count() - 1 if GPU else 1, prefetch_factor=3, pin_memory=GPU)
    return map(moved, data)


def moved(b):
    put = lambda v: v.to(DEVICE, non_blocking=True) if torch.is_tensor(v) else v
    return {k: put(v) for k, v in b.items()} if isinstance(b, dict) else [put(v) for v in b]
