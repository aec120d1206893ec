"""The loss of the dense labels (batch.py): what each patch shows, told by small heads on the tower that are not exported."""
import functools
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


SIZES = list(HEADS.values())
SHOWN = [list(HEADS).index(k) for k in ("char0", "word", "str1", "shape", "color")]


@functools.cache
def starts(device):
    """The column of each head's first logit."""
    return torch.tensor([sum(SIZES[:i]) for i in range(len(SIZES))], device=device)


@functools.cache
def constants(chars, told, device):
    """[logits, heads] which logit is whose; [heads] weights; [heads] whether "nothing", by far the most frequent label, counts less."""
    own = F.one_hot(torch.repeat_interleave(torch.arange(len(SIZES)), torch.tensor(SIZES))).float()
    weight = torch.tensor([WEIGHT[k] * (chars if i < 2 else 1) for i, k in enumerate(HEADS)])
    rare = torch.tensor([i < 2 or told and k not in ("where", "row", "column") for i, k in enumerate(HEADS)])
    return own.to(device), weight.to(device), rare.to(device)


def loss(model, feats, lab, some, chars, heads=None):
    """Weighted sum of the dense losses of the patches `some` (batch.telling), and the accuracy on SHOWN. chars: how much more the characters
    count, from which the rest of reading is made. heads: weights and biases of others than the model's."""
    lab = placed(lab)[some]
    known, y = lab != IGNORE, lab.clamp(min=0)
    start, (own, weight, rare) = starts(lab.device), constants(chars, heads is not None, lab.device)
    d = model.dense
    w, b = heads or (torch.cat([d[k].weight for k in HEADS]), torch.cat([d[k].bias for k in HEADS]))
    z = F.linear(feats.reshape(-1, feats.shape[-1]).index_select(0, some), w, b).float()
    # All cross entropies in one go: the sums of the exponentials of each head are a product with its indicators.
    z = z - z.detach().amax(1, keepdim=True)
    ce = (z.exp() @ own).clamp(min=1e-30).log() - z.gather(1, y + start)
    ce = ce * known * torch.where(rare & (y == 0), .2, 1.)
    total = (ce.sum(0) / known.sum(0).clamp(min=1) * weight).sum()
    acc = []
    for i in SHOWN:
        m = known[:, i] & (y[:, i] > 0)
        acc.append(((z.detach().split(SIZES, 1)[i].argmax(-1) == y[:, i]) & m).sum() / m.sum().clamp(min=1))
    return total, *acc
