"""LLaVA-NeXT picture preprocessing with Pillow, as transformers' LlavaNextImageProcessor does it, but to uint8 tiles.

Sizes are (height, width) as in transformers, where pinpoints are [height, width] too.
"""
import math
import numpy as np
from PIL import Image

T, P = 96, 16                       # tile and patch size in pixels
G = T // P                          # patches along one side of a tile
PINPOINTS = [[T, 2 * T], [2 * T, T], [2 * T, 2 * T]]
MEAN = [0.48145466, 0.4578275, 0.40821073]
STD = [0.26862954, 0.26130258, 0.27577711]


def best_resolution(h, w):
    best, best_eff, best_waste = None, 0, math.inf
    for ch, cw in PINPOINTS:
        s = min(cw / w, ch / h)
        eff = min(int(w * s) * int(h * s), w * h)
        waste = ch * cw - eff
        if eff > best_eff or (eff == best_eff and waste < best_waste):
            best, best_eff, best_waste = (ch, cw), eff, waste
    return best


def fitted(h, w, ch, cw):
    """Size after the aspect-preserving resize into the canvas, and the paste offset (top, left)."""
    sw, sh = cw / w, ch / h
    if sw < sh:
        nw, nh = cw, min(math.ceil(h * sw), ch)
    else:
        nh, nw = ch, min(math.ceil(w * sh), cw)
    return nh, nw, (ch - nh) // 2, (cw - nw) // 2


def tiles(img):
    """Picture -> (uint8 [n,3,T,T]: base first, then row-major tiles; canvas (ch, cw))."""
    w, h = img.size
    ch, cw = best_resolution(h, w)
    nh, nw, top, left = fitted(h, w, ch, cw)
    canvas = np.zeros((ch, cw, 3), np.uint8)
    canvas[top:top + nh, left:left + nw] = np.asarray(img.resize((nw, nh), Image.BICUBIC))
    base = np.asarray(img.resize((T, T), Image.BICUBIC))[None]
    grid = canvas.reshape(ch // T, T, cw // T, T, 3).swapaxes(1, 2).reshape(-1, T, T, 3)
    return np.concatenate([base, grid]).transpose(0, 3, 1, 2), (ch, cw)


def pack_index(h, w, ch, cw):
    """Indices into the picture's patch features (tile-major, base = tile 0) in packed order; -1 is image_newline."""
    gh, gw = ch // T, cw // T
    m = (np.arange(gh * gw * G * G) + G * G).reshape(gh, gw, G, G).swapaxes(1, 2).reshape(gh * G, gw * G)
    rows, cols = m.shape
    if w / h > cols / rows:                                     # unpad
        n = int(round(h * (cols / w), 7))
        p = (rows - n) // 2
        m = m[p:rows - p]
    else:
        n = int(round(w * (rows / h), 7))
        p = (cols - n) // 2
        m = m[:, p:cols - p]
    m = np.concatenate([m, np.full((m.shape[0], 1), -1)], 1)
    return np.concatenate([np.arange(G * G), m.ravel()])
