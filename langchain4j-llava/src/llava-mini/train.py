"""Trains llava-mini: vocabulary, data (drawn on the fly), model, checkpoints, export.

    python train.py                     # from the beginning (run/), on the GPU when there is one
    python train.py --resume            # goes on from run/last.pt

The schedule counts samples, so that a run may be stopped and resumed at any time; see STAGES.
"""
import argparse
import json
import math
import os
import signal
import time
import torch
import torch.nn.functional as F
import tok
from batch import Stream, mask, IGNORE
from draw import CHARS, COLOR_NAMES, SHAPES
from model import Llava, SLOTS, VD, D
from optim import Muon, split

HERE = os.path.dirname(os.path.abspath(__file__))
# Until how many rows (pictures), with which data, whether with the decoder, positions per step, uses of each drawn row. mix: shapes, words, screens, two pictures, text only.
STAGES = [
    (17_500, dict(lo=12, mix=[16, 6, 0, 0, 0, 78], ease=1), False, 2000, 2.5),      # tower alone, on the dense labels
    (45_000, dict(lo=15, mix=[56, 14, 3, 3, 3, 21], ease=.5), True, 2400, 1.5),       # looking at pictures begins with shapes
    (80_000, dict(lo=13, mix=[34, 27, 13, 6, 4, 16], ease=.3), True, 2400, 1.5),
    (10**9, dict(lo=11, mix=[30, 24, 22, 10, 6, 8]), True, 3200, 1.3),
]


def stage_of(rows):
    return next(i for i, s in enumerate(STAGES) if rows < s[0])


def dense_loss(model, feats, lab):
    d, lab = model.dense, lab.long().view(-1, 4)
    f = feats.reshape(-1, feats.shape[-1])
    # Most patches are empty: learn from all labelled ones and from a twelfth of the empty ones.
    some = (lab.clamp(min=0).sum(1) > 0) | (torch.rand(len(lab), device=lab.device) < 1 / 12)
    f, lab = f[some], lab[some]
    ch = d["char"](f).view(len(f), SLOTS, -1)
    def ce(x, y, weight=None):
        return F.cross_entropy(x.float(), y, weight, ignore_index=IGNORE, reduction="sum") / (y != IGNORE).sum().clamp(min=1)
    weight = torch.ones(ch.shape[-1], device=ch.device)
    weight[0] = .2                                              # "no character" is by far the most frequent label
    lc = ce(ch.flatten(0, 1), lab[:, :SLOTS].reshape(-1), weight)
    ls = ce(d["shape"](f), lab[:, 2]) + ce(d["color"](f), lab[:, 3])
    with torch.no_grad():
        m = lab[:, :SLOTS] > 1
        acc = ((ch.argmax(-1) == lab[:, :SLOTS]) & m).sum() / m.sum().clamp(min=1)
    return lc, ls, acc


def forward(model, b, decoder):
    """Losses of one batch: answers, dense characters, dense shapes; and token accuracy, character accuracy."""
    u8 = b["tiles"]
    if not decoder or b["src"].shape[1] <= 16:
        lc, ls, acc = dense_loss(model, model.vision_tower.vision_model(u8), b["dense"])
        return lc * 0, lc, ls, acc * 0, acc
    x, feats = model.embed(u8, b["src"])
    h = model.hidden(x, b["pos"], mask(b["seg"]))
    lab = b["lab"].view(-1)
    at = (lab != IGNORE).nonzero().squeeze(1)
    logits = model.language_model.lm_head(h.view(-1, h.shape[-1])[at]).float()
    wt = b["wt"].view(-1)[at]
    la = (F.cross_entropy(logits, lab[at], reduction="none") * wt).sum() / wt.sum()
    ta = (logits.detach().argmax(-1) == lab[at]).float().mean()
    if feats is None:
        return la, la * 0, la * 0, ta, ta * 0
    lc, ls, acc = dense_loss(model, feats, b["dense"])
    return la, lc, ls, ta, acc


@torch.no_grad()
def start_projector(model, u8, opt, tk):
    """Sets the projector when the decoder begins to learn. Left to chance, the picture embeddings are one big common vector plus
    little information, and attention stays blind for thousands of steps. So: the hidden units begin as detectors of the dense
    classes (characters, shapes, colours), standardised, and whitened directions of the features for the rest (position and so
    on); a detector's output begins as the text embedding of what it has detected, so that a decoder that can copy a word from
    the question can copy it from the picture; mean 0, about the size of text embeddings."""
    f = model.vision_tower.vision_model(u8).float().reshape(-1, VD)
    d = model.dense
    heads = [d["char"].weight.view(SLOTS, -1, VD)[0], d["char"].weight.view(SLOTS, -1, VD)[1], d["shape"].weight, d["color"].weight]
    rows = torch.cat([w - w.mean(0) for w in heads])
    free = D - len(rows)
    val, vec = torch.linalg.eigh(torch.cov(f.T))
    white = (vec[:, -VD // 2:] / val[-VD // 2:].sqrt()).T
    mixing = torch.linalg.qr(torch.randn(VD // 2, VD // 2, device=f.device))[0][:free]
    rows = torch.cat([rows, mixing @ white])
    h = f @ rows.T
    l1, l2 = model.multi_modal_projector["linear_1"], model.multi_modal_projector["linear_2"]
    l1.weight.copy_(rows / h.std(0)[:, None])
    l1.bias.copy_(-h.mean(0) / h.std(0) - .3)
    g = F.gelu(F.linear(f, l1.weight, l1.bias))
    emb = model.language_model.model.embed_tokens.weight

    def word(s):
        ids = tk.after_text(" " + s)
        return emb[ids[0]] + sum(.3 * emb[i] for i in ids[1:])
    turn = torch.linalg.qr(torch.randn(D, D, device=f.device))[0]              # tells the right half of a patch from the left
    none = torch.zeros_like(emb[0])
    chars = [none, none] + [emb[tk.t.token_to_id(c)] for c in CHARS]
    cols = chars + [turn @ c for c in chars] + [none] + [word(s) for s in SHAPES] + [none] + [word(s) for s in COLOR_NAMES]
    w = torch.cat([torch.stack(cols), torch.randn(free, D, device=f.device) * .4]).T
    y = (g - g.mean(0)) @ w.T
    l2.weight.copy_(w * (.4 / y.std()))
    l2.bias.copy_(-(g.mean(0) @ l2.weight.T))
    for p in model.multi_modal_projector.parameters():
        opt.state.pop(p, None)


def save(path, state):
    torch.save(state, path + ".tmp")
    os.replace(path + ".tmp", path)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--run", default=os.path.join(HERE, "run"))
    ap.add_argument("--resume", action="store_true")
    ap.add_argument("--rows", type=int, default=500_000, help="pictures in all; the learning rate falls over the last fifth")
    ap.add_argument("--lr", type=float, default=1.0)
    ap.add_argument("--workers", type=int, default=0)
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--save-every", type=float, default=180, help="seconds")
    ap.add_argument("--eval-every", type=float, default=900, help="seconds")
    ap.add_argument("--steps", type=int, default=10**9)
    ap.add_argument("--eager", action="store_true", help="without torch.compile")
    a = ap.parse_args()
    cuda = torch.cuda.is_available()
    dev = "cuda" if cuda else "cpu"
    torch.set_num_threads(a.threads)
    torch.manual_seed(1)
    os.makedirs(a.run, exist_ok=True)
    tdir = os.path.join(a.run, "tokenizer")
    if not os.path.exists(tdir + "/tokenizer.json"):
        os.makedirs(tdir, exist_ok=True)
        tok.train(tdir + "/tokenizer.model")
        tok.write_hf(tdir + "/tokenizer.model", tdir)
    model = Llava().to(dev)
    muon, adam = split(model)
    opts = [Muon(muon, lr=.003), torch.optim.AdamW(adam, lr=5e-4, betas=(.9, .98), weight_decay=0, fused=True)]
    base = [.003, 5e-4]                              # twice as much keeps the tower from learning characters
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
    if not a.eager:
        for l in [*model.vision_tower.vision_model.encoder.layers, *model.language_model.model.layers]:
            l.compile(dynamic=True)                              # a quarter less time per step
    print("parameters", sum(p.numel() for n, p in model.named_parameters() if not n.startswith("dense")), "state", st, flush=True)
    log = open(os.path.join(a.run, "log.jsonl"), "a", buffering=1)
    t_save = t_eval = t_log = time.time()
    acc, stage, it, nlog = torch.zeros(5), -1, None, torch.zeros(5)
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))     # ends with a checkpoint
    rows0, t0 = st["rows"], time.time()
    while st["rows"] < a.rows and st["step"] < a.steps and not stop:
        if stage_of(st["rows"]) != stage:
            stage = stage_of(st["rows"])
            workers = a.workers or (8 if cuda else 1)
            loader = torch.utils.data.DataLoader(Stream(tdir, f"{stage}.{st['resumes']}", STAGES[stage][3], STAGES[stage][1], STAGES[stage][4]), batch_size=None,
                                                 num_workers=workers, prefetch_factor=12, pin_memory=cuda)
            it = iter(loader)
        b = {k: v.to(dev, non_blocking=True) if torch.is_tensor(v) else v for k, v in next(it).items()}
        if STAGES[stage][2] and not st.get("projector") and len(b["tiles"]) > 20:
            start_projector(model, b["tiles"], opts[1], tok.Tok(tdir))
            for n, p in model.named_parameters():
                ema[n].copy_(p.detach())
            st["projector"] = True
        if st["step"] < 60:
            f = st["step"] / 60
        else:
            f = min(1.0, max(.02, (a.rows - st["rows"]) / (.2 * a.rows)))
        for o, lr in zip(opts, base):
            for g in o.param_groups:
                g["lr"] = lr * f * a.lr
        with torch.autocast(dev, dtype=torch.bfloat16):
            la, lc, ls, ta, ca = forward(model, b, STAGES[stage][2])
        loss = la + .5 * lc + .25 * ls
        loss.backward()
        torch.nn.utils.clip_grad_norm_(adam, 1.0)
        for o in opts:
            o.step()
            o.zero_grad(set_to_none=True)
        st["step"] += 1
        st["rows"] += b["rows"]
        st["qa"] += b["qa"]
        d = .995 if st["rows"] < 40_000 else .998
        torch._foreach_lerp_(list(ema.values()), [p.detach() for p in model.parameters()], 1 - d)
        v = torch.stack([x.detach().float().cpu() for x in (la, lc, ls, ta, ca)])
        acc += v
        nlog += (v != 0).float()                                 # a kind of loss that a batch does not have is not averaged
        now = time.time()
        if now - t_log > 30:
            m = (acc / nlog.clamp(min=1)).tolist()
            acc.zero_()
            r = dict(step=st["step"], rows=st["rows"], qa=st["qa"], rps=round((st["rows"] - rows0) / (now - t0), 1), answer=round(m[0], 4), char=round(m[1], 3),
                     shape=round(m[2], 3), tacc=round(m[3], 4), cacc=round(m[4], 4), lr=round(f * a.lr, 3), stage=stage, minutes=round((st["seconds"] + now - t0) / 60, 1))
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
            with torch.compiler.set_stance("force_eager"):
                res = quick.evaluate(model, ema, tdir, dev)
            print(time.strftime("%H:%M:%S"), "eval", st["rows"], res, flush=True)
            log.write(json.dumps({"rows": st["rows"], "eval": res}) + "\n")
            t_eval = time.time()
    st["seconds"] += time.time() - t0
    save(last, {"model": model.state_dict(), "ema": ema, "opts": [o.state_dict() for o in opts], "st": st})
    if stop:
        os._exit(0)                                              # do not wait for the data worker
    import export
    export.main(["--run", a.run])


if __name__ == "__main__":
    main()
