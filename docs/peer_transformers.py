"""Hugging Face transformers on the shapes that docs/performance.md compares with: 4 layers of Vicuna-7B, CLIP-L/14-336.

    python docs/peer_transformers.py [bfloat16|float32] [threads]
"""
import statistics
import sys
import time

import torch
from transformers import CLIPVisionConfig, CLIPVisionModel, LlamaConfig, LlamaForCausalLM

dtype = getattr(torch, sys.argv[1] if len(sys.argv) > 1 else "bfloat16")
torch.set_num_threads(int(sys.argv[2]) if len(sys.argv) > 2 else 2)
torch.set_default_dtype(dtype)
PROMPT, DECODE, REPEATS = 512, 32, 3


def median(run):
    run()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


with torch.inference_mode():
    llama = LlamaForCausalLM(
        LlamaConfig(
            hidden_size=4096, intermediate_size=11008, num_hidden_layers=4, num_attention_heads=32, vocab_size=32000
        )
    ).eval()
    ids = torch.randint(3, 32000, (1, PROMPT))
    prefill = median(lambda: llama(ids, logits_to_keep=1))

    def decode():
        past = llama(ids[:, :1]).past_key_values
        for i in range(DECODE):
            past = llama(ids[:, i : i + 1], past_key_values=past).past_key_values

    print(f"transformers {dtype} 4 layers: prefill {PROMPT / prefill:.1f} tok/s, decode {DECODE / median(decode):.2f} tok/s")
    del llama
    clip = CLIPVisionModel(
        CLIPVisionConfig(
            hidden_size=1024, intermediate_size=4096, num_hidden_layers=23, num_attention_heads=16, image_size=336,
            patch_size=14
        )
    ).eval()
    pixels = torch.randn(1, 3, 336, 336)
    print(f"transformers {dtype} CLIP-L, 23 blocks: {median(lambda: clip(pixels)) * 1000:.0f} ms per tile")
