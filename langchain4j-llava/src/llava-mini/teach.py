"""Teaches the decoder that ships new tasks (records.py), beside the old ones, behind the tower that ships, which is left as it is: the
data worker draws a picture, lets the tower look at it once, and the decoder is asked about it several times, in new words.

    python teach.py --run run --minutes 60 [--start run/taught.pt]       # writes run/taught.pt; then mix.py, export.py
"""
import argparse
import os
import random
import time
import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
import batch
import export
import optim
import quick
import records
import tasks
from anyres import G
from model import Llava, D

PARTS = ("language_model.", "image_newline")


class Seen(batch.Encoder):
    """Rows whose tiles are what the tower and the projector make of them: [tiles, G * G * D], once for each picture."""

    def __init__(self, folder, model):
        super().__init__(folder)
        self.model = model

    def look(self, p, render):
        if not hasattr(p, "seen"):
            t, canvas = batch.anyres.tiles(p.finish())
            with torch.no_grad():
                e = self.model.project(self.model.vision_tower.vision_model(torch.from_numpy(t)))
            p.seen = e.view(len(t), -1).half().numpy(), canvas
            p.im = p.d = None
        t, canvas = p.seen
        return t, np.zeros((len(t), G * G, batch.CHANNELS), np.int16), canvas


def collate(rows):
    """As batch.collate, with "seen" instead of tiles."""
    seen = [t for r in rows for t in r.tiles]
    keep = [r.tiles for r in rows]
    for r in rows:
        r.tiles = [np.zeros((len(t), 0), np.uint8) for t in r.tiles]
    b = batch.collate(rows)
    for r, k in zip(rows, keep):
        r.tiles = k
    b["seen"] = torch.from_numpy(np.concatenate(seen)).view(-1, D) if seen else torch.zeros(0, D).half()
    return b


def embed(model, b):
    return F.embedding(b["src"], torch.cat([model.language_model.model.embed_tokens.weight, model.image_newline[None], b["seen"].float()]))


class Stream(torch.utils.data.IterableDataset):
    def __init__(self, folder, weights, seed, budget, new, uses):
        self.folder, self.weights, self.seed, self.budget, self.new, self.uses = folder, weights, seed, budget, new, uses

    def __iter__(self):
        torch.set_num_threads(1)
        model = Llava()
        model.load_state_dict(self.weights)
        enc, rng, old, scenes, k = Seen(self.folder, model), random.Random(f"order{self.seed}"), [], {}, 0
        while True:
            pool = []
            while len(pool) < self.budget // 60:
                k += 1
                own = random.Random(f"teach{self.seed}-{k}")
                if rng.random() < self.new:
                    pool.append(enc.row(records.make(own, ngroups=7, kept=(self.uses, 4000, scenes)), own))
                elif len(old) > 50 and rng.random() > 1 / self.uses:
                    pool.append(rng.choice(old))
                else:
                    pool.append(enc.row(tasks.make(own, **tasks.ALL), own))
                    if len(old) < 4000:
                        old.append(pool[-1])
                    else:
                        old[rng.randrange(4000)] = pool[-1]
            pool.sort(key=lambda r: r.n + rng.random() * 8)
            out, cur = [], []
            for r in pool:
                if cur and (len(cur) + 1) * r.n > self.budget:
                    out.append(cur)
                    cur = []
                cur.append(r)
            rng.shuffle(out)
            yield from map(collate, out)


def held_out(folder, model, n, new):
    enc, rows = Seen(folder, model), []
    for i in range(n + new):
        rng = random.Random(f"heldout{i}" if i < n else f"heldout-records{i - n}")
        rows.append(enc.row((tasks if i < n else records).make(rng, held_out=True, ngroups=7), rng))
    return sorted(rows, key=lambda r: r.n)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--run", default="run")
    ap.add_argument("--start", help="a checkpoint to go on with; else the weights that ship")
    ap.add_argument("--minutes", type=float, default=60)
    ap.add_argument("--muon", type=float, default=.004)
    ap.add_argument("--lr", type=float, default=5e-4)
    ap.add_argument("--decay", type=float, default=.6)
    ap.add_argument("--new", type=float, default=.6, help="the share of rows with new tasks")
    ap.add_argument("--uses", type=float, default=4)
    ap.add_argument("--budget", type=int, default=3600)
    ap.add_argument("--eager", action="store_true")
    ap.add_argument("--average", type=float, default=.01, help="the rate of the average of the weights")
    ap.add_argument("--processes", type=int, default=2)
    a = ap.parse_args()
    optim.processes(learn, a, a.run + "/taught.pt")


def learn(rank, a, meet):
    dist.init_process_group("gloo", meet, rank=rank, world_size=a.processes)
    torch.set_num_threads(1)
    torch.manual_seed(5 + rank)
    torch.set_flush_denormal(True)
    model, folder = Llava(), os.path.join(a.run, "tokenizer")
    begin = torch.load(a.start)["ema"] if a.start else export.shipped()
    model.load_state_dict(begin)
    rows = None if rank or a.minutes < 5 else held_out(folder, model, 50, 70)
    score = lambda: quick.percent(quick.score(model, rows, lambda b: embed(model, b), collate))
    for l in model.language_model.model.layers:
        if not a.eager:
            l.compile(dynamic=True)
    params, opts = optim.optimizers(model, PARTS, a.lr, {"language_model.": a.muon})
    average = optim.Average(model)
    data = iter(torch.utils.data.DataLoader(Stream(folder, begin, f"{time.time()}.{rank}", a.budget, a.new, a.uses), batch_size=None, num_workers=1, prefetch_factor=4))
    t0 = tl = te = time.time()
    step = qa = idle = saved = 0
    while (done := optim.done(t0, a.minutes)) < 1:
        idle -= time.time()
        b = next(data)
        idle += time.time()
        optim.schedule(opts, step, done, a.decay)
        loss, acc = batch.answer_loss(model, b, embed(model, b))
        loss.backward()
        optim.step(params, opts, 1.0)
        average.update(a.average if done < .6 else a.average / 2)
        step, qa = step + 1, qa + b["qa"] * a.processes
        if rank:
            continue
        if time.time() - tl > 30:
            tl = time.time()
            print(time.strftime("%H:%M:%S"), step, "steps,", qa, "questions, loss %.3f, tokens right %.3f, waited %.0f s for data" % (loss.detach(), acc, idle), flush=True)
        if time.time() - te > 300:
            saved += 1
            if saved % 3 == 0:
                with average, torch.compiler.set_stance("force_eager"):
                    print("held out:", score(), flush=True)
            optim.save(a.run + "/taught.pt", {"ema": average.state()})
            te = time.time()
    if not rank:
        optim.save(a.run + "/taught.pt", {"ema": average.state()})
        if rows:
            with average, torch.compiler.set_stance("force_eager"):
                print("held out:", score(), flush=True)
    dist.barrier()
    os._exit(0)                                          # do not wait for the data worker


if __name__ == "__main__":
    main()
