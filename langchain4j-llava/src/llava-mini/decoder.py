"""First stage, the other process: the decoder learns to answer from ideal picture embeddings (interface.py), which need labels
but neither pixels nor a tower. One core answers about 200 questions a second.

    python decoder.py --out run/decoder.pt --minutes 42
"""
import argparse
import functools
import os
import time
import torch
import torch.nn.functional as F
import batch
import interface
import optim
import quick
import tasks
from interface import LABELS_ONLY
from model import Llava, D, H

PARTS = ("language_model.", "image_newline")


def scene(early, seconds):
    """Of small pictures only in the first `early` seconds."""
    return {**tasks.ALL, "kw": LABELS_ONLY, **(dict(mix=[60, 18, 0, 10, 12, 0], small=1) if seconds < early else {})}


def begin(model, ideal, attend=1., keep=.3):
    """The tables of the interface; and every head begins by attending to what is like itself and copying it, so that the word
    "circle" finds the patches that say circle from the first step on (Trockman and Kolter, 2023)."""
    with torch.no_grad():
        lm = model.language_model
        lm.model.embed_tokens.weight.copy_(ideal.embeddings)
        lm.lm_head.weight.copy_(ideal.embeddings)
        model.image_newline.normal_(std=D ** -.5)
        for l in lm.model.layers:
            a = l.self_attn
            n = D // H
            for h in range(0, D, n):
                p, v = (torch.linalg.qr(torch.randn(D, n))[0].T for _ in range(2))
                for w in (a["q_proj"].weight, a["k_proj"].weight):
                    w[h:h + n] = p * attend ** .5 + torch.randn(n, D) * .02
                a["v_proj"].weight[h:h + n] = v
                a["o_proj"].weight[:, h:h + n] = v.T * keep
            l.mlp["down_proj"].weight.normal_(std=.005)


def embed(model, b, ideal, noise):
    """As Llava.embed, from labels; noise: the share of labels forgotten, since no tower sees all."""
    table = [model.language_model.model.embed_tokens.weight, model.image_newline[None]]
    if len(b["dense"]):
        rows = interface.index(b["dense"])
        if noise:
            rows = torch.where(torch.rand(rows.shape, device=rows.device) < noise, 0, rows)
        e = interface.embedding(rows, ideal)
        table.append(e + torch.randn_like(e) * (.5 * D ** -.5) if noise else e)
    return F.embedding(b["src"], torch.cat(table))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--out", default="run/decoder.pt")
    ap.add_argument("--start", help="a checkpoint to begin with")
    ap.add_argument("--minutes", type=float, default=42)
    ap.add_argument("--lr", type=float, default=1e-3)
    ap.add_argument("--muon", type=float, default=.008)
    ap.add_argument("--budget", type=int, default=2400, help="positions per step")
    ap.add_argument("--early", type=float, default=4, help="minutes with small pictures only")
    ap.add_argument("--threads", type=int, default=1)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(1)
    torch.set_flush_denormal(True)
    run = os.path.dirname(a.out) or "."
    model, ideal = Llava().to(batch.DEVICE), interface.load(run)
    begin(model, ideal)
    if a.start:
        model.load_state_dict(torch.load(a.start, map_location=batch.DEVICE)["model"], strict=False)
    for l in model.language_model.model.layers:
        l.compile(dynamic=True)
    params, opts = optim.optimizers(model, PARTS, a.lr, {"language_model.": a.muon})
    rows = quick.held_out_rows(os.path.join(run, "tokenizer"), 220, render=False, kw=LABELS_ONLY)
    scenes = functools.partial(scene, 0 if a.start else a.early * 60)
    data = batch.loader(batch.Stream(os.path.join(run, "tokenizer"), f"decoder{time.time()}", a.budget, scenes, 2, render=False))
    average = optim.Average(model)
    t0 = tl = te = time.time()
    step = qa = 0

    def keep():
        optim.save(a.out, {"model": {n: p for n, p in average.state().items() if n.startswith(PARTS)}})
        with average, torch.compiler.set_stance("force_eager"):
            print("held out, from ideal embeddings:", quick.percent(quick.score(model, rows, lambda b: embed(model, b, ideal, 0))), flush=True)
    while (done := optim.done(t0, a.minutes)) < 1:
        b = next(data)
        optim.schedule(opts, step, done, .35)
        loss, acc = batch.answer_loss(model, b, embed(model, b, ideal, .04))
        loss.backward()
        optim.step(params, opts, 1.0)
        average.update(.01)
        step, qa = step + 1, qa + b["qa"]
        if time.time() - tl > 60:
            tl = time.time()
            print(time.strftime("%H:%M:%S"), "decoder", qa, "questions, loss %.3f, tokens right %.3f" % (loss, acc), flush=True)
        if time.time() - te > 300:
            te = time.time()
            keep()
    keep()
    os._exit(0)                                  # do not wait for the data worker


if __name__ == "__main__":
    main()
