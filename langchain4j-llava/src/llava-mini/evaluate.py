"""Greedy answers of the exported model in transformers on the held-out split (heldout.py), as a table.

    python evaluate.py [--model export] [--data heldout] [--wrong wrong.txt] [--answers answers.jsonl]
"""
import argparse
import json
import os
import torch
from PIL import Image
from transformers import AutoProcessor, LlavaNextForConditionalGeneration
import heldout
import tasks


def prompt(turns, answers, n_images):
    """What the chat template makes of the conversation: pictures with the first question."""
    p = "USER: " + "<image>\n" * n_images + turns[0] + " ASSISTANT:"
    for q, a in zip(turns[1:], answers):
        p += " " + a + " USER: " + q + " ASSISTANT:"
    return p


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--model", default="export")
    ap.add_argument("--data", default="heldout")
    ap.add_argument("--per-family", type=int, default=60)
    ap.add_argument("--fonts", action="store_true", help="draw the split with fonts never used in training")
    ap.add_argument("--wrong", help="file for the wrong answers")
    ap.add_argument("--answers", help="file for all greedy ids, to compare other implementations with")
    a = ap.parse_args()
    if not os.path.exists(a.data + "/questions.jsonl"):
        heldout.build(a.data, a.per_family, a.fonts)
    with open(a.data + "/questions.jsonl") as f:
        lines = [json.loads(l) for l in f]
    proc = AutoProcessor.from_pretrained(a.model, use_fast=False)
    model = LlavaNextForConditionalGeneration.from_pretrained(a.model, dtype=torch.float32).eval()
    score, wrong, out = {}, [], []
    for l in lines:
        text = prompt(l["turns"], l["answers"], len(l["images"]))
        pics = [Image.open(f"{a.data}/{f}") for f in l["images"]]
        x = proc(text=text, images=pics or None, return_tensors="pt")
        with torch.no_grad():
            ids = model.generate(**x, do_sample=False, max_new_tokens=140)[0, x["input_ids"].shape[1]:]
        got = proc.tokenizer.decode(ids, skip_special_tokens=True).strip()
        s = score.setdefault(l["family"], [0, 0])
        s[0] += got == l["answers"][-1]
        s[1] += 1
        out.append({**l, "prompt": text, "greedy_ids": ids.tolist(), "got": got})
        if got != l["answers"][-1]:
            wrong.append(f"{l['family']}\t{l['images']}\t{l['turns'][-1]!r}\twanted {l['answers'][-1]!r}\tgot {got!r}")
    print("| family | exact | questions |\n|---|---|---|")
    for f in tasks.FAMILIES:
        if f in score:
            print(f"| {f}{' (reading)' if f in tasks.READING else ''} | {100 * score[f][0] / score[f][1]:.1f} % | {score[f][1]} |")
    n, k = sum(v[1] for v in score.values()), sum(v[0] for v in score.values())
    print(f"| all | {100 * k / n:.1f} % | {n} |")
    for path, rows in ((a.wrong, wrong), (a.answers, [json.dumps(o) for o in out])):
        if path:
            with open(path, "w") as f:
                f.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
