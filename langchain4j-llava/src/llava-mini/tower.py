"""The tower's stages: the vision tower learns the dense labels, the projector the embeddings of interface.py. Tiles are
independent of each other, so a batch is a mixture of tiles of many pictures. Stops after --minutes; may be started from --start.

    python tower.py --out run/tower.pt --minutes 42
"""
import argparse
import os
import random
import time
import numpy as np
import torch
import torch.distributed as dist
import anyres
import batch
import dense
import interface
import optim
import tasks
from interface import LABELS_ONLY
from model import Llava

POOL = 9000                                  # tiles kept of each kind; each is used about USES times
USES = 6
SCENES = dict(mix=[38, 24, 32, 6, 0, 0], ngroups=0)
PARTS = ("vision_tower.", "dense.", "multi_modal_projector.")


def paint(grey, rng):
    """Grey tiles of a page -> tiles in colours of paper and ink that can be told apart."""
    n = len(grey)
    paper = np.where(rng.random((n, 1)) < .5, 1., np.where(rng.random((n, 1)) < .5, rng.uniform(.85, 1, (n, 3)), rng.random((n, 3))))
    ink = np.where(rng.random((n, 1)) < .45, 0., np.where(rng.random((n, 1)) < .5, 1., rng.random((n, 3))))
    w = np.array([.299, .587, .114])
    faint = abs((paper - ink) @ w) < .36
    ink[faint] = np.where((paper[faint] @ w)[:, None] > .5, 0., 1.)
    out = ink[:, :, None, None] + (paper - ink)[:, :, None, None] * (grey.astype(np.float32)[:, None] / 255)
    return np.clip(out * 255, 0, 255).astype(np.uint8)


class Tiles(torch.utils.data.IterableDataset):
    """Batches (tiles, labels); pages: the share of tiles that are full of characters."""

    def __init__(self, seed, size, pages, ease):
        self.seed, self.size, self.pages, self.ease = seed, size, pages, ease

    def __iter__(self):
        torch.set_num_threads(1)
        worker = torch.utils.data.get_worker_info()
        order, k, t0, debt = random.Random(f"order{self.seed}-{worker.id}"), worker.id, time.time(), 0.
        colors = np.random.default_rng(order.getrandbits(40))
        grey, scenes = [], []

        def put(pool, v):
            if len(pool) < POOL:
                pool.append(v)
            else:
                pool[order.randrange(POOL)] = v
        while True:
            debt += self.size / USES
            while debt > 0 or len(grey) < 200 or len(scenes) < 200:
                rng = random.Random(f"tower{self.seed}-{k}")
                k += worker.num_workers
                page = order.random() < self.pages
                # Colours come later, at every use; from "one character in the middle of half a patch" to anything anywhere in twelve minutes.
                ease = max(0, self.ease - (time.time() - t0) / 1200) * rng.random() if page and rng.random() < .6 else 0
                pics = [tasks.page_scene(rng, LABELS_ONLY if rng.random() < .6 else {}, rng.choice([11, 12, 13]), ease, grey=True)[0]] if page else \
                    tasks.make(rng, **SCENES).pics
                for p in pics:
                    im = p.finish()
                    t, (ch, cw) = anyres.tiles(im)
                    for i, (x, y) in enumerate(zip(t, batch.dense_labels(p, ch, cw, im.size))):
                        if page and i == 0 or not page and i and (y[:, [0, 2]] <= 0).all() and rng.random() < .7:
                            continue                 # an overview of a page cannot be read; tiles with nothing on them are many
                        put(grey if page else scenes, (x[1] if page else x, y))
                        debt -= 1
            n = round(self.size * self.pages)
            g, s = [order.choice(grey) for _ in range(n)], [order.choice(scenes) for _ in range(self.size - n)]
            x = ([paint(np.stack([x for x, _ in g]), colors)] if g else []) + [np.stack([x for x, _ in s])]
            yield tensors(np.concatenate(x), [y for _, y in g + s])


def tensors(tiles, labels):
    """Tiles, their labels, and the patches to learn from."""
    y = torch.from_numpy(np.stack(labels))
    return torch.from_numpy(tiles), y, batch.telling(y)


def held_out():
    tiles = []
    for i in range(130):
        for p in tasks.make(random.Random(f"heldout-tower{i}"), **SCENES).pics:
            im = p.finish()
            t, (ch, cw) = anyres.tiles(im)
            tiles += zip(t, batch.dense_labels(p, ch, cw, im.size))
    return [tensors(np.stack([x for x, _ in part]), [y for _, y in part]) for part in (tiles[i:i + 100] for i in range(0, len(tiles), 100))]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--out", default="run/tower.pt")
    ap.add_argument("--start", help="a checkpoint to begin with")
    ap.add_argument("--minutes", type=float, default=42)
    ap.add_argument("--batch", type=int, default=48, help="tiles, of each process")
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--muon", type=float, default=.02)
    ap.add_argument("--pages", type=float, default=.4)
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--processes", type=int, default=1)
    a = ap.parse_args()
    optim.processes(learn, a, a.out)


def learn(rank, a, meet):
    dist.init_process_group("gloo", meet, rank=rank, world_size=a.processes)
    torch.set_num_threads(a.threads)
    torch.manual_seed(2)
    torch.set_flush_denormal(True)
    model, ideal = Llava().to(batch.DEVICE), interface.load(os.path.dirname(a.out) or ".")
    if a.start:
        model.load_state_dict(torch.load(a.start, map_location=batch.DEVICE)["ema"])
    for l in model.vision_tower.vision_model.encoder.layers:
        l.compile(dynamic=True)
    heads = interface.heads(ideal)
    params, opts = optim.optimizers(model, PARTS, a.lr, {"vision_tower.": a.muon, "multi_modal_projector.": a.muon})
    ema = optim.Average(model)
    held = [batch.moved(b) for b in held_out()]
    data = batch.loader(Tiles(f"{time.time()}.{rank}", a.batch, a.pages, 0 if a.start else .6))

    def losses(x, y, some):
        feats = model.vision_tower.vision_model(x)
        got = model.project(feats)
        ld, *acc = dense.loss(model, feats, y, some, 3)
        lh, *told = dense.loss(model, got, y, some, 1, heads)
        return (ld, interface.distance(got, y, some, ideal), lh, *acc, *told)
    t0 = tl = te = time.time()
    step = 0
    while (done := optim.done(t0, a.minutes)) < 1:
        optim.schedule(opts, step, done, .6)
        ld, mse, lh, *acc = losses(*next(data))
        (ld + 3 * mse + 2 * lh).backward()
        optim.step(params, opts, 2.0)
        ema.update(.01)
        step += 1
        if rank:
            continue
        if time.time() - tl > 60:
            tl = time.time()
            print(time.strftime("%H:%M:%S"), "tower", step * a.batch * a.processes, "tiles, dense %.3f, distance %.3f, told %.3f, char %.3f" % (
                ld, mse, lh, acc[0]), flush=True)
        if time.time() - te > 300:
            te = time.time()
            with ema, torch.no_grad():
                v = np.mean([[float(q) for q in losses(*b)] for b in held], 0)
                seen = "char %.3f word %.3f second character %.3f shape %.3f colour %.3f"
                print(f"held out: dense %.3f distance %.3f told %.3f; by its heads: {seen}; by the embedding: {seen}" % tuple(v), flush=True)
            optim.save(a.out, {"ema": ema.state()})
    if not rank:
        optim.save(a.out, {"ema": ema.state()})
    dist.barrier()
    os._exit(0)                                  # do not wait for the data worker


if __name__ == "__main__":
    main()
