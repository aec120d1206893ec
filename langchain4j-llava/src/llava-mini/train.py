"""Trains llava-mini: vocabulary, data (drawn on the fly), model, checkpoints, export.

    python train.py                     # from the beginning (run/), on the GPU when there is one
    python train.py --resume            # goes on from run/last.pt, if there is one
    python train.py --start seed        # begins with the weights that ship

The schedule counts samples, so that a run may be stopped and resumed at any time; see STAGES.
"""
import argparse
import json
import math
import os
import signal
import time
import torch
import torch.distributed as dist
import torch.nn.functional as F
import tok
from batch import Stream, mask, IGNORE
from anyres import G
from draw import CHARS, COLOR_NAMES, ROLES, SHAPES
from model import Llava, HEADS, VD, D
from words import LABELLED

HERE = os.path.dirname(os.path.abspath(__file__))
# Until which share of the run, with which data, whether with the decoder, positions per step, uses of each drawn row.
# mix: shapes, words, screens, two pictures, text only, pages.
STAGES = [
    (.21, dict(lo=12, mix=[16, 10, 8, 0, 0, 66], ease=.9), False, 7200, 4.0),      # tower alone, on the dense labels
    (.50, dict(lo=14, mix=[52, 24, 4, 8, 8, 4], ease=.2, small=.6), True, 4800, 2.5),     # small pictures first
    (9.0, dict(lo=12, mix=[30, 26, 24, 9, 7, 4], small=.2), True, 4800, 2.0),
]


def stage_of(done):
    return next(i for i, s in enumerate(STAGES) if done < s[0])


WEIGHT = {"char0": .5, "char1": .5, "shape": .5, "color": .5, "word": .5, "role": .5, "nkind": .3, "ncolor": .3, "ntotal": .2, "where": .3,
          **{f"str{i}": .2 for i in range(5)}, "row": .05, "column": .05}


def dense_loss(model, feats, lab, chars):
    """Weighted sum of the dense losses, and the accuracy on characters, words and shapes. chars: how much more
    the characters count, from which the rest of reading is made."""
    n = lab.shape[0]
    lab = lab.long()
    place = torch.arange(G * G, device=lab.device).expand(n, -1)
    lab = torch.cat([lab, (place // G)[..., None], (place % G)[..., None]], -1).view(-1, len(HEADS))
    f = feats.reshape(-1, feats.shape[-1])
    # Most patches are empty: learn from all labelled ones and from a twelfth of the empty ones.
    some = (lab[:, :6].clamp(min=0).sum(1) > 0) | (torch.rand(len(lab), device=lab.device) < 1 / 12)
    f, lab = f[some], lab[some]
    d = model.dense
    z = F.linear(f, torch.cat([d[k].weight for k in HEADS]), torch.cat([d[k].bias for k in HEADS])).float()
    loss, acc = 0, {}
    for i, (k, x) in enumerate(zip(HEADS, z.split(list(HEADS.values()), -1))):
        y = lab[:, i]
        w = None
        if i < 2:
            w = torch.ones(x.shape[-1], device=x.device)
            w[0] = .2                                           # "no character" is by far the most frequent label
        loss = loss + WEIGHT[k] * (chars if i < 2 else 1) * F.cross_entropy(x, y, w, ignore_index=IGNORE, reduction="sum") / (y != IGNORE).sum().clamp(min=1)
        if k in ("char0", "shape", "word", "str1"):
            m = y > 0
            acc[k] = ((x.detach().argmax(-1) == y) & m).sum() / m.sum().clamp(min=1)
    return loss, acc["char0"], acc["word"], acc["str1"], acc["shape"]


def forward(model, b, decoder):
    """Losses of one batch (answers, dense) and accuracies (answer tokens; characters, words, second characters, shapes)."""
    u8 = b["tiles"]
    if not decoder or b["src"].shape[1] <= 16:
        ld, *acc = dense_loss(model, model.vision_tower.vision_model(u8), b["dense"], 1 if decoder else 3)
        return (ld * 0, ld, ld * 0, *acc)
    x, feats = model.embed(u8, b["src"])
    h = model.hidden(x, b["pos"], mask(b["seg"]))
    lab = b["lab"].view(-1)
    at = (lab != IGNORE).nonzero().squeeze(1)
    logits = model.language_model.lm_head(h.view(-1, h.shape[-1])[at]).float()
    wt = b["wt"].view(-1)[at]
    la = (F.cross_entropy(logits, lab[at], reduction="none") * wt).sum() / wt.sum()
    ta = (logits.detach().argmax(-1) == lab[at]).float().mean()
    if feats is None:
        return (la, la * 0, ta, *[la.detach() * 0] * 4)
    ld, *acc = dense_loss(model, feats, b["dense"], 1)
    return (la, ld, ta, *acc)


@torch.no_grad()
def start_projector(model, u8, opts, tk):
    """Sets the projector when the decoder begins to learn, so that a picture reads like a text about itself: what the dense heads
    see in a patch (a colour, a shape, a word, a character, a place) becomes the text embedding of its name, and the output
    matrix begins as the embedding, so that a decoder that can copy a word from the question (as drawing teaches it) can copy it
    from the picture. Left to chance, attention stays blind for thousands of steps. The map is linear: GELU is far on its right
    side. All other directions in which the heads tell things apart are mixed in, weakly."""
    f = model.vision_tower.vision_model(u8).float().reshape(-1, VD)
    mean = f.mean(0)
    f = f - mean
    emb = model.language_model.model.embed_tokens.weight

    def name(s):
        return emb[tk.after_text(" " + s)[0]]
    none = torch.zeros_like(emb[0])
    turn = torch.linalg.qr(torch.randn(D, D, device=f.device))[0]
    chars = [none, none] + [name(c) for c in CHARS]
    names = {"color": [none] + [name(c) for c in COLOR_NAMES], "shape": [none] + [name(s) for s in SHAPES],
             "word": [none, none] + [name(w) for w in LABELLED], "char0": chars, "char1": [turn @ c for c in chars],
             "role": [none] + [name(r) for r in ROLES[1:]], "ntotal": [none] + [name(str(i)) for i in range(1, 6)],
             "where": [name(w) for w in ("top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right")]}
    wanted = torch.zeros(D, VD, device=f.device)
    for k, e in names.items():
        w = torch.stack(e).T @ (model.dense[k].weight - model.dense[k].weight.mean(0))
        wanted += w * ((3 if k in ("color", "shape", "word") else 1.5) / (f @ w.T).norm(dim=-1).quantile(.97))
    w = torch.cat([math.sqrt(WEIGHT[k]) * (d.weight - d.weight.mean(0)) for k, d in model.dense.items()])
    val, vec = torch.linalg.eigh(torch.cov((f @ w.T).T))
    rows = (vec[:, -D:] * val[-D:].clamp(min=1e-6) ** -.25).T @ w                # the principal directions of what the heads say
    rest = turn @ rows
    wanted += rest * (2 / (f @ rest.T).norm(dim=-1).mean())
    l1, l2 = model.multi_modal_projector["linear_1"], model.multi_modal_projector["linear_2"]
    l1.weight.copy_(rows * (.5 / (f @ rows.T).std()))
    l1.bias.copy_(2 - mean @ l1.weight.T)
    l2.weight.copy_(wanted @ torch.linalg.pinv(l1.weight, rtol=1e-4))
    l2.bias.zero_()
    model.language_model.lm_head.weight.copy_(emb)
    model.language_model.model.norm.weight.fill_(.3)
    for o in opts:
        o.state.clear()


def average(params, n):
    """The mean gradient of all processes; one without a gradient (no picture in its part) counts as zero."""
    if n == 1:
        return
    flat = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).reshape(-1) for p in params])
    dist.all_reduce(flat)
    flat /= n
    for p, g in zip(params, flat.split([p.numel() for p in params])):
        p.grad = g.view_as(p)


def save(path, state):
    torch.save(state, path + ".tmp")
    os.replace(path + ".tmp", path)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--run", default=os.path.join(HERE, "run"))
    ap.add_argument("--resume", action="store_true")
    ap.add_argument("--start", help="folder with dense.safetensors (export.py --seed): begin with the weights that ship, at the second stage")
    ap.add_argument("--minutes", type=float, default=240, help="of training in all; the learning rate falls over the last two fifths")
    ap.add_argument("--lr", type=float, default=.5, help="factor of the learning rates")
    ap.add_argument("--workers", type=int, default=0)
    ap.add_argument("--processes", type=int, default=1 if torch.cuda.is_available() else os.cpu_count(),
                    help="each computes its own part of every step: on a CPU faster than as many threads")
    ap.add_argument("--save-every", type=float, default=180, help="seconds")
    ap.add_argument("--eval-every", type=float, default=900, help="seconds")
    ap.add_argument("--steps", type=int, default=10**9)
    ap.add_argument("--eager", action="store_true", help="without torch.compile")
    a = ap.parse_args()
    os.makedirs(a.run, exist_ok=True)
    tdir = os.path.join(a.run, "tokenizer")
    if not os.path.exists(tdir + "/tokenizer.json"):
        os.makedirs(tdir, exist_ok=True)
        tok.train(tdir + "/tokenizer.model")
        tok.write_hf(tdir + "/tokenizer.model", tdir)
    rendezvous = os.path.join(a.run, "rendezvous")
    if os.path.exists(rendezvous):
        os.remove(rendezvous)
    torch.multiprocessing.spawn(work, (a, tdir, "file://" + os.path.abspath(rendezvous)), a.processes)
    import export
    export.main(["--run", a.run])


def work(rank, a, tdir, rendezvous):
    cuda = torch.cuda.is_available()
    dev = "cuda" if cuda else "cpu"
    dist.init_process_group("gloo", rendezvous, rank=rank, world_size=a.processes)
    torch.set_num_threads(max(1, os.cpu_count() // a.processes))
    torch.manual_seed(1)
    torch.set_flush_denormal(True)
    model = Llava().to(dev)
    tower = [p for n, p in model.named_parameters() if n.startswith("vision_tower.") or n.startswith("dense.")]
    ids = {id(p) for p in tower}
    rest = [p for p in model.parameters() if id(p) not in ids]
    opts = [torch.optim.AdamW([{"params": tower}, {"params": rest}], lr=1e-3, betas=(.9, .98), weight_decay=.01, fused=True)]
    ema = {n: p.detach().clone() for n, p in model.named_parameters()}
    st = {"step": 0, "rows": 0, "qa": 0, "seconds": 0.0, "resumes": 0}
    last = os.path.join(a.run, "last.pt")
    if a.resume and os.path.exists(last):
        c = torch.load(last, map_location=dev)
        ema = {k: v.float() for k, v in c["ema"].items()}
        model.load_state_dict(c["model"] if "model" in c else ema)      # a compact checkpoint (export.py) has the average only
        for o, s in zip(opts, c.get("opts", ())):
            o.load_state_dict(s)
        st = c["st"]
        st["resumes"] += 1
    elif a.start:
        from safetensors.torch import load_file
        import export
        w = {**load_file(export.SHIPPED + "/model.safetensors"), **load_file(a.start + "/dense.safetensors")}
        model.load_state_dict({k: v.float() for k, v in w.items() if k in model.state_dict()})
        ema = {n: p.detach().clone() for n, p in model.named_parameters()}
        st.update(projector=True, seconds=STAGES[0][0] * a.minutes * 60)
    if not a.eager:
        for l in [*model.vision_tower.vision_model.encoder.layers, *model.language_model.model.layers]:
            l.compile(dynamic=True)                              # a quarter less time per step
    params = list(model.parameters())
    if not rank:
        print("parameters", sum(p.numel() for n, p in model.named_parameters() if not n.startswith("dense")), "state", st, flush=True)
    log = open(os.path.join(a.run, "log.jsonl"), "a", buffering=1)
    t_save = t_eval = t_log = time.time()
    acc, stage, it, nlog = torch.zeros(7), -1, None, torch.zeros(7)
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))     # ends with a checkpoint
    rows0, t0, steps = st["rows"], time.time(), 0
    while st["step"] < a.steps:
        now = torch.tensor([(st["seconds"] + time.time() - t0) / 60 / a.minutes, float(bool(stop))], dtype=torch.float64)
        dist.broadcast(now, 0)                                   # the processes must agree on where they are
        done = now[0].item()
        if done >= 1 or now[1]:
            break
        if stage_of(done) != stage:
            stage = stage_of(done)
            workers = a.workers or (8 if cuda else 1)
            loader = torch.utils.data.DataLoader(Stream(tdir, f"{stage}.{st['resumes']}.{rank}", STAGES[stage][3] // a.processes, STAGES[stage][1], STAGES[stage][4]), batch_size=None,
                                                 num_workers=workers, prefetch_factor=6, pin_memory=cuda)
            it = iter(loader)
        b = {k: v.to(dev, non_blocking=True) if torch.is_tensor(v) else v for k, v in next(it).items()}
        if STAGES[stage][2] and not st.get("projector"):
            while len(b["tiles"]) < 20:
                b = next(it)
            start_projector(model, b["tiles"], opts, tok.Tok(tdir))
            for p in params:
                dist.broadcast(p.detach(), 0)
            for n, p in model.named_parameters():
                ema[n].copy_(p.detach())
            st["projector"] = True
        steps += 1
        if steps < 60:
            f = steps / 60
        else:
            f = min(1.0, max(.02, (1 - done) / .4))
        for g, lr in zip(opts[0].param_groups, (3e-4, 1e-3)):
            g["lr"] = lr * f * a.lr
        with torch.autocast(dev, dtype=torch.bfloat16, enabled=cuda):      # on the CPUs tried float32 is twice as fast
            v = forward(model, b, STAGES[stage][2])
        loss = v[0] + v[1]
        loss.backward()
        average(params, a.processes)
        torch.nn.utils.clip_grad_norm_(params, 1.0)
        for o in opts:
            o.step()
            o.zero_grad(set_to_none=True)
        st["step"] += 1
        st["rows"] += b["rows"] * a.processes
        st["qa"] += b["qa"] * a.processes
        d = .99 if done < .5 else .996
        torch._foreach_lerp_(list(ema.values()), [p.detach() for p in model.parameters()], 1 - d)
        v = torch.stack([x.detach().float().cpu() for x in v])
        acc += v
        nlog += (v != 0).float()                                 # a kind of loss that a batch does not have is not averaged
        now = time.time()
        if rank:
            continue
        if now - t_log > 30:
            m = (acc / nlog.clamp(min=1)).tolist()
            acc.zero_()
            r = dict(step=st["step"], rows=st["rows"], qa=st["qa"], rps=round((st["rows"] - rows0) / (now - t0), 1), answer=round(m[0], 4), dense=round(m[1], 3),
                     tacc=round(m[2], 4), char=round(m[3], 3), word=round(m[4], 3), str1=round(m[5], 3), shape=round(m[6], 3), lr=round(f * a.lr, 3), stage=stage, minutes=round((st["seconds"] + now - t0) / 60, 1))
            log.write(json.dumps(r) + "\n")
            print(time.strftime("%H:%M:%S"), r, flush=True)
            t_log = now
            nlog.zero_()
            rows0, st["seconds"], t0 = st["rows"], st["seconds"] + now - t0, now
        if now - t_save > a.save_every:
            save(last, {"model": model.state_dict(), "ema": ema, "opts": [o.state_dict() for o in opts], "st": st})
            t_save = time.time()
        if now - t_eval > a.eval_every and STAGES[stage][2]:
            import quick
            torch.set_num_threads(os.cpu_count())
            with torch.compiler.set_stance("force_eager"):
                res = quick.evaluate(model, ema, tdir, dev)
            torch.set_num_threads(max(1, os.cpu_count() // a.processes))
            print(time.strftime("%H:%M:%S"), "eval", st["rows"], res, flush=True)
            log.write(json.dumps({"rows": st["rows"], "eval": res}) + "\n")
            t_eval = time.time()
    st["seconds"] += time.time() - t0
    if not rank:
        save(last, {"model": model.state_dict(), "ema": ema, "opts": [o.state_dict() for o in opts], "st": st})
    dist.barrier()
    os._exit(0)                                                  # do not wait for the data worker


if __name__ == "__main__":
    main()
