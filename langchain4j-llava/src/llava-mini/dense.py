"""The loss of the dense labels (batch.py): what each patch shows, told by small heads on the tower that are not exported."""
import torch
import torch.nn.functional as F
from anyres import G
from batch import IGNORE
from model import HEADS

WEIGHT = {"char0": .5, "char1": .5, "shape": .5, "color": .5, "word": .5, "role": .5, "nkind": .3, "ncolor": .3, "ntotal": .2, "where": .3,
          **{f"str{i}": .2 for i in range(5)}, "row": .05, "column": .05}


def placed(lab):
    """Labels [n, G*G, channels] -> [n*G*G, heads]: with the patch's row and column in its tile."""
    place = torch.arange(G * G, device=lab.device).expand(len(lab), -1)
    return torch.cat([lab.long(), (place // G)[..., None], (place % G)[..., None]], -1).view(-1, len(HEADS))


def telling(lab):
    """Which patches to learn from, [n*G*G]: most are empty; all labelled ones and a twelfth of the empty ones."""
    return (lab[:, :6].clamp(min=0).sum(1) > 0) | (torch.rand(len(lab), device=lab.device) < 1 / 12)


def loss(model, feats, lab, chars, heads=None):
    """Weighted sum of the dense losses, and the accuracy on characters, words and shapes. chars: how much more
    the characters count, from which the rest of reading is made. heads: weights and biases of others than the model's."""
    lab = placed(lab)
    f = feats.reshape(-1, feats.shape[-1])
    some = telling(lab)
    f, lab = f[some], lab[some]
    d = model.dense
    z = F.linear(f, *(heads or (torch.cat([d[k].weight for k in HEADS]), torch.cat([d[k].bias for k in HEADS])))).float()
    total, acc = 0, {}
    for i, (k, x) in enumerate(zip(HEADS, z.split(list(HEADS.values()), -1))):
        y = lab[:, i]
        w = None
        if i < 2 or heads and k not in ("where", "row", "column"):
            w = torch.ones(x.shape[-1], device=x.device)
            w[0] = .2                                           # "nothing" is by far the most frequent label
        total = total + WEIGHT[k] * (chars if i < 2 else 1) * F.cross_entropy(x, y, w, ignore_index=IGNORE, reduction="sum") / (y != IGNORE).sum().clamp(min=1)
        if k in ("char0", "shape", "word", "str1", "color"):
            m = y > 0
            acc[k] = ((x.detach().argmax(-1) == y) & m).sum() / m.sum().clamp(min=1)
    return total, acc["char0"], acc["word"], acc["str1"], acc["shape"], acc["color"]
