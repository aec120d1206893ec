"""What transformers answers, greedily, to the test sets: writes "greedy_ids" and "got" into their questions.jsonl, for ReferenceTest.

    python reference.py heldout later records tools [--model export]
"""
import argparse
import json
from pathlib import Path
import torch
from PIL import Image
from transformers import AutoProcessor, LlavaNextForConditionalGeneration

ROOT = Path(__file__).resolve().parents[2]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("sets", nargs="+")
    ap.add_argument("--model", default=str(ROOT / "src/llava-mini/resources/io/github/llava4j/llava-mini"))
    a = ap.parse_args()
    torch.set_num_threads(1)
    proc = AutoProcessor.from_pretrained(a.model, use_fast=False)
    model = LlavaNextForConditionalGeneration.from_pretrained(a.model, dtype=torch.float32, attn_implementation="eager").eval()
    for name in a.sets:
        folder, right = ROOT / "src/test/resources/llava-mini" / name, 0
        lines = [json.loads(l) for l in (folder / "questions.jsonl").read_text().splitlines()]
        for q in lines:
            pics = [Image.open(folder / f).convert("RGB") for f in q["images"]]
            x = proc(text=q["prompt"], images=pics or None, return_tensors="pt")
            with torch.no_grad():
                ids = model.generate(**x, do_sample=False, max_new_tokens=140)[0][x["input_ids"].shape[1]:].tolist()
            q["greedy_ids"], q["got"] = ids, proc.tokenizer.decode(ids, skip_special_tokens=True).strip()
            right += q["got"] == q["answers"][-1]
        (folder / "questions.jsonl").write_text("".join(json.dumps(q) + "\n" for q in lines))
        print(name, right, "of", len(lines), flush=True)


if __name__ == "__main__":
    main()
