"""Compares the exported folder in transformers with the training code: pictures, packed features, ids, logits."""
import argparse
import random
import torch
from transformers import AutoProcessor, LlavaNextForConditionalGeneration
import anyres
import tasks
from batch import Encoder, collate, mask
from evaluate import prompt
from model import Llava


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--model", default="export")
    ap.add_argument("--run", default="run")
    ap.add_argument("-n", type=int, default=12)
    a = ap.parse_args()
    torch.set_num_threads(2)
    proc = AutoProcessor.from_pretrained(a.model, use_fast=False)
    hf = LlavaNextForConditionalGeneration.from_pretrained(a.model, dtype=torch.float32).eval()
    m = Llava()
    own = m.state_dict()
    from safetensors.torch import load_file
    for k, v in load_file(a.model + "/model.safetensors").items():
        if k in own:
            own[k] = v.float()
    m.load_state_dict(own)
    enc, worst, px = Encoder(a.run + "/tokenizer"), 0, 0
    for i in range(a.n):
        rng = random.Random(f"check{i}")
        s = tasks.make(rng, ngroups=1, mix=[3, 3, 3, 3, 1, 0])
        s.system = None
        pics = [p.finish() for p in s.pics]
        for p, im in zip(s.pics, pics):
            p.finish = lambda im=im: im
        r = enc.row(s, rng)
        g = s.groups[0]
        text = prompt([g[0][0]], [], len(pics))
        x = proc(text=text, images=pics or None, return_tensors="pt")
        b = collate([r])
        n = x["input_ids"].shape[1]
        k = int(r.ans[0][0]) + 1
        assert n == k, (n, k, text)
        if pics:
            t = torch.cat([torch.from_numpy(anyres.tiles(im)[0]) for im in pics]).float()
            v = m.vision_tower.vision_model
            mine = (t / 255 - v.mean) / v.std
            theirs = torch.cat([pv[:len(anyres.tiles(im)[0])] for pv, im in zip(x["pixel_values"], pics)])
            px = max(px, (mine - theirs).abs().max().item())
        with torch.no_grad():
            mine = m.language_model.lm_head(m.hidden(m.look(b["tiles"], b["src"]), b["pos"], mask(b["seg"])))[0, :n]
            theirs = hf(**x).logits[0]
        worst = max(worst, (mine - theirs).abs().max().item())
        print(i, len(pics), [im.size for im in pics], n, "logit difference", (mine - theirs).abs().max().item(), repr(text[-60:]))
    print("largest difference: pixels", px, "logits", worst)


if __name__ == "__main__":
    main()
