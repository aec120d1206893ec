"""The mean of a checkpoint and of the weights that ship, which is often better than either.

    python mix.py run/taught.pt .7 run/last.pt           # 70 % of the checkpoint
"""
import sys
import export
import optim
import torch


def main(checkpoint, share, out):
    w, c = export.shipped(), torch.load(checkpoint, map_location="cpu")["ema"]
    optim.save(out, {"ema": {k: w[k] + float(share) * (c[k] - w[k]) for k in w}})


if __name__ == "__main__":
    main(*sys.argv[1:])
