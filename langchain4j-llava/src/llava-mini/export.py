"""Writes the Hugging Face folder (export/) from the newest checkpoint. May be run while training goes on.

    python export.py [--run run] [--out export]
"""
import argparse
import json
import os
import torch
from safetensors.torch import load_file, save_file
import tok
from anyres import T, P, G, PINPOINTS, MEAN, STD
from model import Llava, VD, VL, VH, VF, D, L, H, FF
from tok import IMAGE, VOCAB, MAX_LEN

HERE = os.path.dirname(os.path.abspath(__file__))
SHIPPED = os.path.join(HERE, "resources/io/github/llava4j/llava-mini")
CONFIG = {
    "architectures": ["LlavaNextForConditionalGeneration"], "ignore_index": -100, "image_seq_length": G * G, "image_token_index": IMAGE,
    "model_type": "llava_next", "projector_hidden_act": "gelu",
    "text_config": {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "torch_dtype": "float16", "vocab_size": VOCAB,
                    "hidden_size": D, "intermediate_size": FF, "num_hidden_layers": L, "num_attention_heads": H, "num_key_value_heads": H,
                    "max_position_embeddings": MAX_LEN, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "hidden_act": "silu", "pad_token_id": 0},
    "torch_dtype": "float16", "transformers_version": "4.45.1",
    "vision_config": {"model_type": "clip_vision_model", "image_size": T, "patch_size": P, "projection_dim": VD, "vocab_size": IMAGE,
                      "hidden_size": VD, "intermediate_size": VF, "num_hidden_layers": VL + 1, "num_attention_heads": VH,
                      "hidden_act": "quick_gelu", "layer_norm_eps": 1e-5},
    "vision_feature_layer": -2, "vision_feature_select_strategy": "default", "vocab_size": VOCAB, "tie_word_embeddings": False,
    "image_grid_pinpoints": PINPOINTS, "use_image_newline_parameter": True}
PRE = {"crop_size": {"height": T, "width": T}, "do_center_crop": True, "do_convert_rgb": True, "do_normalize": True, "do_rescale": True,
       "do_resize": True, "image_mean": MEAN, "image_std": STD, "image_processor_type": "LlavaNextImageProcessor",
       "processor_class": "LlavaNextProcessor", "resample": 3, "rescale_factor": 1 / 255, "size": {"shortest_edge": T},
       "aspect_ratio_setting": "anyres", "image_grid_pinpoints": PINPOINTS}
PROC = {"image_token": "<image>", "num_additional_image_tokens": 1, "patch_size": P, "processor_class": "LlavaNextProcessor",
        "vision_feature_select_strategy": "default"}
GEN = {"_from_model_config": True, "bos_token_id": 1, "eos_token_id": 2, "transformers_version": "4.45.1"}


def shipped():
    """The weights that ship, with the dense heads of seed/, to go on with."""
    w = {**load_file(SHIPPED + "/model.safetensors"), **load_file(os.path.join(HERE, "seed", "dense.safetensors"))}
    return {k: w[k].float() for k in Llava().state_dict() if k in w}


def main(argv=None):
    ap = argparse.ArgumentParser()
    ap.add_argument("--run", default=os.path.join(HERE, "run"))
    ap.add_argument("--out", default=os.path.join(HERE, "export"))
    ap.add_argument("--seed", help="also write the dense heads into this folder, from which train.py --start can go on")
    a = ap.parse_args(argv)
    c = torch.load(os.path.join(a.run, "last.pt"), map_location="cpu")
    model = Llava()
    model.load_state_dict(c["ema"])
    if a.seed:
        os.makedirs(a.seed, exist_ok=True)
        save_file({k: v.half() for k, v in model.state_dict().items() if k.startswith("dense.")}, a.seed + "/dense.safetensors")
    w = {k: v for k, v in model.state_dict().items() if not k.startswith("dense.")}
    # LLaVA takes the last but one layer of the tower, so one more layer must exist in the file; nothing reads it.
    v = "vision_tower.vision_model."
    for k in [k for k in w if k.startswith(f"{v}encoder.layers.{VL - 1}.")]:
        w[k.replace(f".{VL - 1}.", f".{VL}.", 1)] = torch.zeros_like(w[k])
    w[v + "post_layernorm.weight"], w[v + "post_layernorm.bias"] = torch.ones(VD), torch.zeros(VD)
    w = {k: t.detach().to(torch.float16).contiguous() for k, t in sorted(w.items())}
    os.makedirs(a.out, exist_ok=True)
    save_file(w, a.out + "/model.safetensors.tmp", metadata={"format": "pt"})
    os.replace(a.out + "/model.safetensors.tmp", a.out + "/model.safetensors")
    for name, o in (("config", CONFIG), ("preprocessor_config", PRE), ("processor_config", PROC), ("generation_config", GEN)):
        with open(f"{a.out}/{name}.json", "w") as f:
            json.dump(o, f, indent=2)
            f.write("\n")
    tok.write_hf(os.path.join(a.run, "tokenizer", "tokenizer.model"), a.out)
    print("exported", sum(t.numel() for t in w.values()), "parameters (with the unused layer)")


if __name__ == "__main__":
    main()
