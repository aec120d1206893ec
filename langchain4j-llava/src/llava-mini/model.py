"""LlavaNextForConditionalGeneration in plain PyTorch, reduced to what training needs. Parameter names are those of the
Hugging Face checkpoint (transformers 4.x style), so that export is a copy."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from anyres import P, G, MEAN, STD
from draw import SHAPES, COLOR_NAMES, CHARS, ROLES
from tok import VOCAB
from words import LABELLED

VD, VL, VH, VF = 192, 5, 6, 768          # vision: width, layers used, heads, MLP width. One more layer is stored but unused (-2)
D, L, H, FF = 192, 4, 4, 512             # decoder
THETA = 10000.0
# Sizes of the dense labels, in the order of batch.py's channels; and the row and column of the patch in its tile.
HEADS = {"char0": len(CHARS) + 2, "char1": len(CHARS) + 2, "shape": len(SHAPES) + 1, "color": len(COLOR_NAMES) + 1,
         "word": len(LABELLED) + 2, "role": len(ROLES), "nkind": 6, "ncolor": 6, "ntotal": 6, "where": 9,
         **{f"str{i}": len(CHARS) + 3 for i in range(5)}, "row": G, "column": G}


def attention(q, k, v, mask=None):
    """Written out: on a CPU 2 to 10 times as fast as scaled_dot_product_attention with its backward pass."""
    if q.is_cuda:
        return F.scaled_dot_product_attention(q, k, v, mask)
    n, parts = q.shape[-2], 6 if mask is not None and q.shape[-2] == k.shape[-2] > 256 else 1
    if parts > 1:                                       # nobody looks ahead: what would be masked there is not computed
        ends = [n * (i + 1) // parts for i in range(parts)]
        return torch.cat([attention(q[..., a:b, :], k[..., :b, :], v[..., :b, :], mask[..., a:b, :b]) for a, b in zip([0, *ends], ends)], -2)
    s = torch.matmul(q * q.shape[-1] ** -.5, k.transpose(-1, -2))
    if mask is not None:
        s = s + mask
    return torch.matmul(torch.softmax(s, -1, dtype=s.dtype), v)


class ClipLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.self_attn = nn.ModuleDict({n: nn.Linear(VD, VD) for n in ("q_proj", "k_proj", "v_proj", "out_proj")})
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(VD), nn.LayerNorm(VD)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(VD, VF), "fc2": nn.Linear(VF, VD)})

    def forward(self, x):
        B, N, _ = x.shape
        a = self.self_attn
        h = self.layer_norm1(x)
        w = torch.cat([a["q_proj"].weight, a["k_proj"].weight, a["v_proj"].weight])
        b = torch.cat([a["q_proj"].bias, a["k_proj"].bias, a["v_proj"].bias])
        q, k, v = F.linear(h, w, b).view(B, N, 3, VH, VD // VH).permute(2, 0, 3, 1, 4).unbind(0)
        o = attention(q, k, v).transpose(1, 2).reshape(B, N, VD)
        x = x + a["out_proj"](o)
        h = self.mlp["fc1"](self.layer_norm2(x))
        return x + self.mlp["fc2"](h * torch.sigmoid(1.702 * h))


class Vision(nn.Module):
    """Names as in CLIPVisionModel: vision_tower.vision_model.*"""

    def __init__(self):
        super().__init__()
        self.embeddings = nn.Module()
        self.embeddings.class_embedding = nn.Parameter(torch.randn(VD) * .02)
        self.embeddings.patch_embedding = nn.Conv2d(3, VD, P, P, bias=False)
        self.embeddings.position_embedding = nn.Embedding(G * G + 1, VD)
        self.pre_layrnorm = nn.LayerNorm(VD)
        self.encoder = nn.Module()
        self.encoder.layers = nn.ModuleList(ClipLayer() for _ in range(VL))
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1), persistent=False)

    def forward(self, u8):
        x = (u8.float() / 255 - self.mean) / self.std
        n = x.shape[0]
        # the patch convolution as one matrix product
        x = x.view(n, 3, G, P, G, P).permute(0, 2, 4, 1, 3, 5).reshape(n, G * G, 3 * P * P)
        e = self.embeddings
        x = F.linear(x, e.patch_embedding.weight.view(VD, -1))
        x = torch.cat([e.class_embedding.to(x.dtype).expand(n, 1, VD), x], 1) + e.position_embedding.weight
        x = self.pre_layrnorm(x)
        for l in self.encoder.layers:
            x = l(x)
        return x[:, 1:]


class RMSNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(D))

    def forward(self, x):
        return F.rms_norm(x.float(), (D,), self.weight, 1e-5)


class LlamaLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.self_attn = nn.ModuleDict({n: nn.Linear(D, D, bias=False) for n in ("q_proj", "k_proj", "v_proj", "o_proj")})
        self.mlp = nn.ModuleDict({"gate_proj": nn.Linear(D, FF, bias=False), "up_proj": nn.Linear(D, FF, bias=False),
                                  "down_proj": nn.Linear(FF, D, bias=False)})
        self.input_layernorm, self.post_attention_layernorm = RMSNorm(), RMSNorm()

    def forward(self, x, cos, sin, mask, cache=None, at=None):
        B, N, _ = x.shape
        a, m = self.self_attn, self.mlp
        h = self.input_layernorm(x)
        w = torch.cat([a["q_proj"].weight, a["k_proj"].weight, a["v_proj"].weight])
        q, k, v = F.linear(h, w).view(B, N, 3, H, D // H).permute(2, 0, 3, 1, 4).unbind(0)
        q, k = rope(q, cos, sin), rope(k, cos, sin)
        if cache is not None:
            if "k" in cache:
                k, v = torch.cat([cache["k"], k], 2), torch.cat([cache["v"], v], 2)
            cache["k"], cache["v"] = k, v
        o = attention(q, k, v, mask).transpose(1, 2).reshape(B, N, D)
        if at is not None:
            x, o = (v.reshape(-1, D).index_select(0, at) for v in (x, o))
        x = x + a["o_proj"](o)
        h = self.post_attention_layernorm(x)
        g, u = F.linear(h, torch.cat([m["gate_proj"].weight, m["up_proj"].weight])).chunk(2, -1)
        return x + m["down_proj"](F.silu(g) * u)


def rope(x, cos, sin):
    a, b = x.chunk(2, -1)
    return (torch.cat([a * cos - b * sin, b * cos + a * sin], -1)).to(x.dtype)


class Llava(nn.Module):
    def __init__(self):
        super().__init__()
        self.image_newline = nn.Parameter(torch.randn(D) * .3)
        self.vision_tower = nn.Module()
        self.vision_tower.vision_model = Vision()
        self.multi_modal_projector = nn.ModuleDict({"linear_1": nn.Linear(VD, D), "linear_2": nn.Linear(D, D)})
        lm = self.language_model = nn.Module()
        lm.model = nn.Module()
        lm.model.embed_tokens = nn.Embedding(VOCAB, D)
        lm.model.layers = nn.ModuleList(LlamaLayer() for _ in range(L))
        lm.model.norm = RMSNorm()
        lm.lm_head = nn.Linear(D, VOCAB, bias=False)
        # Training only: what each patch shows (batch.py says what the channels are), and its place.
        self.dense = nn.ModuleDict({n: nn.Linear(VD, k) for n, k in HEADS.items()})
        self.init()

    def init(self):
        for n, p in self.named_parameters():
            if p.dim() == 2 and "embed" not in n:
                nn.init.normal_(p, std=p.shape[1] ** -.5 * .7)
            elif n.endswith("bias"):
                nn.init.zeros_(p)
        nn.init.normal_(self.vision_tower.vision_model.embeddings.position_embedding.weight, std=.3)
        for l in self.vision_tower.vision_model.encoder.layers:
            nn.init.zeros_(l.self_attn["out_proj"].weight)
            nn.init.zeros_(l.mlp["fc2"].weight)

    def project(self, feats):
        p = self.multi_modal_projector
        return p["linear_2"](F.gelu(p["linear_1"](feats))).reshape(-1, D).float()

    def embed(self, feats, src):
        """src: for each position an index into [vocabulary; newline; patch features of all tiles]. Also returns the patches'
        embeddings, None without features."""
        table = [self.language_model.model.embed_tokens.weight, self.image_newline[None]]
        seen = None if feats is None else self.project(feats)
        return F.embedding(src, torch.cat(table if seen is None else [*table, seen])), seen

    def look(self, u8, src):
        """The embeddings of the positions of a batch with these tiles."""
        return self.embed(self.vision_tower.vision_model(u8) if len(u8) else None, src)[0]

    def hidden(self, x, pos, mask, cache=None, at=None):
        """at: indices into the positions of all rows, of which alone the last layer computes its outputs, [at, D]."""
        inv = THETA ** (-torch.arange(0, D // H, 2, device=x.device).float() / (D // H))
        ang = pos[:, None, :, None].float() * inv
        cos, sin = ang.cos(), ang.sin()
        for i, l in enumerate(self.language_model.model.layers):
            x = l(x, cos, sin, mask, None if cache is None else cache[i], at if i == L - 1 else None)
        return self.language_model.model.norm(x)
