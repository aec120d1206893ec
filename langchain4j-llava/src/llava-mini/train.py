"""Trains llava-mini: vocabulary, data (drawn on the fly), model, checkpoints, export/. Everything is kept in run/.

    python train.py                             # all stages, one after the other
    python train.py --from together             # the last stage; run/ has tower.pt and decoder.pt
    python train.py --from together --start ships       # begins with the weights that ship
    python train.py --from together --start last        # goes on from run/last.pt

Stages: `apart` trains the tower (tower.py) and the decoder (decoder.py) side by side; `tower` goes on with the tower alone, which
has more to learn; `together` lets the decoder read what the tower really says.
"""
import argparse
import os
import subprocess
import sys
import time
import torch
import torch.distributed as dist
import batch
import dense
import interface
import optim
import quick
import tasks
import tok
from model import Llava

HERE = os.path.dirname(os.path.abspath(__file__))


def scene(seconds):
    """With pages full of characters, which nobody asks about, for the tower."""
    return {**tasks.ALL, "mix": [*tasks.ALL["mix"][:-1], 5]}


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--run", default=os.path.join(HERE, "run"))
    ap.add_argument("--from", dest="first", choices=["apart", "tower", "together"], default="apart")
    ap.add_argument("--start", choices=["apart", "ships", "last"], default="apart", help="the weights that the last stage begins with")
    ap.add_argument("--minutes", type=float, nargs=3, default=[60, 40, 120], help="of each stage")
    ap.add_argument("--processes", type=int, default=1 if batch.GPU else os.cpu_count(), help="each computes its own part of every step")
    ap.add_argument("--budget", type=int, default=60000 if batch.GPU else 2400, help="positions per step, of each process")
    ap.add_argument("--decoder", type=float, default=.005, help="Muon's rate of the decoder")
    ap.add_argument("--tower", type=float, default=.003, help="Muon's rate of the tower")
    ap.add_argument("--uses", type=float, default=3, help="how often a drawn picture is used")
    a = ap.parse_args()
    os.makedirs(a.run, exist_ok=True)
    folder = a.run + "/tokenizer"
    if not os.path.exists(folder + "/tokenizer.json"):
        os.makedirs(folder, exist_ok=True)
        if a.start == "ships":
            import export
            tok.write_hf(export.SHIPPED + "/tokenizer.model", folder)
        else:
            tok.train(folder + "/tokenizer.model")
            tok.write_hf(folder + "/tokenizer.model", folder)
    interface.load(a.run)

    def run(*parts):
        jobs = [subprocess.Popen([sys.executable, "-u", f"{HERE}/{name}.py", "--out", f"{a.run}/{name}.pt", *map(str, more)]) for name, *more in parts]
        if any([j.wait() for j in jobs]):
            sys.exit("a part failed")
    if a.first == "apart":
        each = ("--minutes", a.minutes[0], "--threads", max(1, a.processes // 2))
        run(("tower", *each), ("decoder", *each))
    if a.first != "together":
        run(("tower", "--start", a.run + "/tower.pt", "--minutes", a.minutes[1], "--processes", a.processes, "--muon", .012, "--lr", 1.5e-3))
    optim.processes(together, a, a.run + "/last.pt")
    import export
    export.main(["--run", a.run])


def beginning(a):
    if a.start == "ships":
        import export
        return export.shipped()
    if a.start == "last":
        return torch.load(a.run + "/last.pt", map_location=batch.DEVICE)["ema"]
    read = lambda name: torch.load(f"{a.run}/{name}.pt", map_location=batch.DEVICE)
    return {**read("tower")["ema"], **read("decoder")["model"]}


def together(rank, a, meet):
    dist.init_process_group("gloo", meet, rank=rank, world_size=a.processes)
    torch.set_num_threads(max(1, os.cpu_count() // a.processes))
    torch.manual_seed(3 + rank)
    torch.set_flush_denormal(True)
    model, ideal, folder = Llava().to(batch.DEVICE), interface.load(a.run), a.run + "/tokenizer"
    model.load_state_dict(beginning(a))
    heads = interface.heads(ideal)
    for l in [*model.vision_tower.vision_model.encoder.layers, *model.language_model.model.layers]:
        l.compile(dynamic=True)
    params, opts = optim.optimizers(model, ("language_model.", "image_newline"), a.decoder * .12, {"language_model.": a.decoder})
    # At the decoder's rates the tower forgets what it read.
    p, o = optim.optimizers(model, ("vision_tower.", "multi_modal_projector.", "dense."), a.tower * .2,
                            {"vision_tower.": a.tower, "multi_modal_projector.": a.tower})
    params, opts = params + p, opts + o
    average = optim.Average(model)
    data = batch.loader(batch.Stream(folder, f"{time.time()}.{rank}", a.budget, scene, a.uses))
    held = None
    t0 = tl = te = time.time()
    step = qa = idle = 0
    while (done := optim.done(t0, a.minutes[2])) < 1:
        idle -= time.time()
        b = next(data)
        idle += time.time()
        optim.schedule(opts, step, done, .7)
        feats = model.vision_tower.vision_model(b["tiles"]) if len(b["tiles"]) else None
        x, seen = model.embed(feats, b["src"])
        la, acc = batch.answer_loss(model, b, x)
        loss = la
        if feats is not None:
            # The distance holds the two to what they agreed on; without it a vector common to all patches grows and drowns them.
            loss = loss + .3 * interface.distance(seen, b["dense"], b["some"], ideal) \
                + .3 * dense.loss(model, seen, b["dense"], b["some"], 1, heads)[0] + .2 * dense.loss(model, feats, b["dense"], b["some"], 2)[0]
        loss.backward()
        optim.step(params, opts, 1.0)
        average.update(.01 if done < .6 else .005)
        step, qa = step + 1, qa + b["qa"] * a.processes
        if rank:
            continue
        if time.time() - tl > (15 if batch.GPU else 60):
            tl = time.time()
            print(time.strftime("%H:%M:%S"), "together", step, "steps,", qa, "questions, loss %.3f, tokens right %.3f, waited %.0f s for data" % (
                la.detach(), acc, idle), flush=True)
        if time.time() - te > (90 if batch.GPU else 420):
            held = held or quick.held_out_rows(folder, 200)
            with average, torch.compiler.set_stance("force_eager"):
                print("held out:", quick.percent(quick.score(model, held, lambda b: model.look(b["tiles"], b["src"]))), flush=True)
            optim.save(a.run + "/last.pt", {"ema": average.state()})
            te = time.time()
    if not rank:
        optim.save(a.run + "/last.pt", {"ema": average.state()})
    dist.barrier()
    os._exit(0)                                                  # do not wait for the data worker


if __name__ == "__main__":
    main()
