"""Drawing with Pillow: a Picture that remembers where its characters and shapes are (for the dense training labels)."""
import functools
import glob
import io
import math
import os
from PIL import Image, ImageDraw, ImageFont, ImageFilter
import numpy as np

SHAPES = ["circle", "square", "triangle", "rectangle", "star", "diamond"]
# Anchors: CSS, java.awt.Color, Material / Bootstrap / Tailwind; a little jitter is added when used.
COLORS = {
    "red": [(255, 0, 0), (220, 20, 40), (220, 53, 69), (239, 68, 68), (200, 0, 0), (244, 67, 54)],
    "green": [(0, 128, 0), (0, 255, 0), (0, 160, 60), (40, 167, 69), (76, 175, 80), (34, 197, 94), (50, 205, 50)],
    "blue": [(0, 0, 255), (0, 60, 220), (13, 110, 253), (59, 130, 246), (33, 100, 243), (0, 0, 160), (65, 105, 225)],
    "yellow": [(255, 255, 0), (255, 235, 20), (255, 235, 59), (250, 225, 40)],
    "orange": [(255, 165, 0), (255, 140, 0), (253, 126, 20), (249, 115, 22), (255, 152, 0), (255, 180, 0)],
    "purple": [(128, 0, 128), (111, 66, 193), (147, 51, 200), (128, 0, 200), (156, 39, 176), (90, 30, 150)],
    "pink": [(255, 192, 203), (255, 105, 180), (255, 175, 175), (244, 143, 177), (250, 150, 190)],
    "brown": [(165, 42, 42), (139, 69, 19), (121, 85, 72), (120, 70, 30), (101, 67, 33)],
    "black": [(0, 0, 0), (15, 15, 15), (25, 25, 28)],
    "white": [(255, 255, 255), (250, 250, 250)],
    "gray": [(128, 128, 128), (150, 150, 150), (110, 110, 112), (170, 170, 170), (108, 117, 125)],
}
COLOR_NAMES = list(COLORS)
CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHAR_ID = {c: i + 2 for i, c in enumerate(CHARS)}              # 0 = nothing, 1 = any other character
ROLES = ["none", "first", "second", "heading", "button", "total", "code", "other"]      # what a printed word is on its picture

FONT_DIRS = ["/usr/share/fonts/truetype"]
FONT_SETS = {       # weight, file name patterns
    "sans": (0.9, ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf",
                   "Roboto-Regular.ttf", "Roboto-Bold.ttf", "OpenSans-Regular.ttf", "OpenSans-Bold.ttf", "NotoSans-Regular.ttf"]),
    "serif": (0.05, ["DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"]),
    "mono": (0.05, ["DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"]),
}
HELD_OUT_FONTS = ["Caladea-Regular.ttf", "Caladea-Bold.ttf", "Cantarell-Regular.otf", "Cantarell-Bold.otf", "RobotoCondensed-Regular.ttf",
                  "OpenSans-ExtraBold.ttf"]                     # never used in training


@functools.lru_cache(None)
def font_files():
    have = {}
    for d in FONT_DIRS + ["/usr/share/fonts/opentype"]:
        for f in glob.glob(d + "/**/*.[to]tf", recursive=True):
            have[os.path.basename(f)] = f
    sets = {k: (w, [have[n] for n in names if n in have]) for k, (w, names) in FONT_SETS.items()}
    return sets, [have[n] for n in HELD_OUT_FONTS if n in have]


@functools.lru_cache(4096)
def font(path, size):
    return ImageFont.truetype(path, size)


def pick_font(rng, held_out=False):
    sets, held = font_files()
    if held_out:
        return rng.choice(held)
    kinds = [k for k in sets if sets[k][1]]
    return rng.choice(sets[rng.choices(kinds, [sets[k][0] for k in kinds])[0]][1])


def jitter(rng, c, n=10):
    return tuple(max(0, min(255, v + rng.randint(-n, n))) for v in c)


def rgb(rng, name):
    return jitter(rng, rng.choice(COLORS[name]), 6 if name in ("white", "black") else 10)


def lum(c):
    return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2]


def contrast(a, b):
    return max(abs(lum(a) - lum(b)), 0.6 * max(abs(x - y) for x, y in zip(a, b)))


class Picture:
    """Drawing in design units (about 1 unit = 1 pixel of the AnyRes canvas); k = native pixels per unit, ss = supersampling."""

    def __init__(self, rng, w, h, bg, k=None, ss=None, held_out_fonts=False):
        self.rng, self.w, self.h, self.bg = rng, w, h, bg
        if k is None:
            r = rng.random()
            k = 1.0 if r < .35 else rng.uniform(.85, 1.4) if r < .65 else rng.uniform(1.4, 3.2)
        k = max(k, 40 / min(w, h))
        if ss is None:
            ss = rng.choice([1, 1, 1, 2, 2, 3]) if k < 1.5 else rng.choice([1, 1, 2]) if k < 2.2 else 1
        self.native = max(8, round(w * k)), max(8, round(h * k))
        self.s = k * ss
        self.ss = ss
        self.im = Image.new("RGB", (self.native[0] * ss, self.native[1] * ss), bg)
        self.d = ImageDraw.Draw(self.im)
        self.hof = held_out_fonts
        self.chars, self.words, self.objs, self.fills = [], [], [], []          # design units
        if rng.random() < .13 and ss == 1:
            self.d.fontmode = "1"               # text without anti-aliasing, the default of Java2D
        self.font_path = pick_font(rng, held_out_fonts)

    def sc(self, pts):
        return [(x * self.s, y * self.s) for x, y in pts]

    def background(self):
        """Gradient, grid lines or speckles; call before anything else is drawn."""
        rng, (W, H) = self.rng, self.im.size
        r = rng.random()
        if r < .62:
            return
        if r < .74:
            c2 = jitter(rng, self.bg, 28)
            a = np.linspace(0, 1, H if rng.random() < .5 else W)
            a = a[:, None, None] if len(a) == H and rng.random() < .5 else np.linspace(0, 1, W)[None, :, None]
            g = np.array(self.bg) * (1 - a) + np.array(c2) * a
            self.im.paste(Image.fromarray(np.broadcast_to(g, (H, W, 3)).astype(np.uint8).copy()))
        elif r < .84:
            c = jitter(rng, self.bg, 22)
            step = max(4, int(rng.uniform(8, 26) * self.s))
            for x in range(rng.randint(0, step), W, step):
                self.d.line([(x, 0), (x, H)], fill=c)
            if rng.random() < .7:
                for y in range(rng.randint(0, step), H, step):
                    self.d.line([(0, y), (W, y)], fill=c)
        elif r < .92:
            c = jitter(rng, self.bg, 60)
            o = rng.uniform(0, 3) * self.s
            self.d.rectangle([o, o, W - 1 - o, H - 1 - o], outline=c, width=max(1, round(rng.uniform(.5, 2) * self.s)))
        else:
            for _ in range(rng.randint(5, 40)):
                x, y = rng.random() * W, rng.random() * H
                self.d.point([(x, y)], fill=jitter(rng, self.bg, 70))

    def text_size(self, s, size, path=None):
        f = font(path or self.font_path, max(6, round(size * self.s)))
        x0, y0, x1, y1 = f.getbbox(s, anchor="ls")
        return f, (x1 - x0) / self.s, (y1 - y0) / self.s

    def text(self, x, y, s, size, fill, path=None, anchor="l", role="other", mark=None):
        """Draws s with its ink box's top at y and left (or centre: anchor 'm', right: 'r') at x. mark: (word, its role)."""
        f = font(path or self.font_path, max(6, round(size * self.s)))
        x0, y0, x1, y1 = f.getbbox(s, anchor="ls")
        w = x1 - x0
        px = x * self.s - (w / 2 if anchor == "m" else w if anchor == "r" else 0) - x0
        py = y * self.s - y0
        px, py = round(px), round(py)
        self.d.text((px, py), s, font=f, fill=fill, anchor="ls")
        last = px
        for i, ch in enumerate(s):
            nxt = px + f.getlength(s[:i + 1])
            if ch != " ":
                self.chars.append((CHAR_ID.get(ch, 1), last / self.s, (py + y0) / self.s, nxt / self.s, (py + y1) / self.s))
            last = nxt
        at = 0
        for raw in s.split(" "):
            at += len(raw) + 1
            word = raw.strip("$€:,")
            if word:
                r = mark[1] if mark and word == mark[0] else role
                first = s.index(word, at - len(raw) - 1)
                edges = [(px + f.getlength(s[:first + i])) / self.s for i in range(len(word) + 1)]
                self.words.append((word, ROLES.index(r), edges, (py + y0) / self.s, (py + y1) / self.s))
        return w / self.s, (y1 - y0) / self.s

    def glyph(self, cx, base, ch, size, fill, path):
        """One character with its ink centred at cx, on a base line."""
        f = font(path, max(6, round(size * self.s)))
        x0, y0, x1, y1 = f.getbbox(ch, anchor="ls")
        px, py = round(cx * self.s - (x0 + x1) / 2), round(base * self.s)
        self.d.text((px, py), ch, font=f, fill=fill, anchor="ls")
        self.chars.append((CHAR_ID.get(ch, 1), cx - 4, (py - .75 * size * self.s) / self.s, cx + 4, py / self.s))

    def shape(self, kind, color, cx, cy, r, fill, outline=None, hollow=False):
        """r: half extent in units."""
        s, rng = self.s, self.rng
        lw = max(1, round((rng.uniform(.12, .22) * r if hollow else rng.uniform(.5, 2)) * s))
        kw = {"outline": fill, "width": max(lw, round(2.2 * s))} if hollow else {"fill": fill, "outline": outline, "width": lw if outline else 1}
        a = b = r
        if kind == "rectangle":
            q = rng.uniform(.42, .62)
            a, b = (r, r * q) if rng.random() < .65 else (r * q, r)
        box = [(cx - a) * s, (cy - b) * s, (cx + a) * s, (cy + b) * s]
        if kind == "circle":
            self.d.ellipse(box, **kw)
        elif kind in ("square", "rectangle"):
            if kind == "square":
                box = [(cx - .88 * a) * s, (cy - .88 * b) * s, (cx + .88 * a) * s, (cy + .88 * b) * s]
            if rng.random() < .12:
                self.d.rounded_rectangle(box, radius=.15 * r * s, **kw)
            else:
                self.d.rectangle(box, **kw)
        else:
            if kind == "triangle":
                ap = rng.choice([0, 0, 0, rng.uniform(-.8, .8)])
                pts = [(ap, -1), (1, .9), (-1, .9)]
                if rng.random() < .08:
                    pts = [(x, -y) for x, y in pts]
            elif kind == "diamond":
                q = rng.uniform(.65, 1)
                pts = [(0, -1), (q, 0), (0, 1), (-q, 0)]
            else:                                                # star
                q = rng.uniform(.36, .5)
                pts = [((1 if i % 2 == 0 else q) * math.sin(i * math.pi / 5), -(1 if i % 2 == 0 else q) * math.cos(i * math.pi / 5))
                       for i in range(10)]
            pts = self.sc([(cx + x * r, cy + y * r) for x, y in pts])
            if hollow:
                self.d.line(pts + pts[:2], fill=fill, width=kw["width"], joint="curve")
            else:
                self.d.polygon(pts, **kw)
        self.objs.append((SHAPES.index(kind) + 1, COLOR_NAMES.index(color) + 1, cx, cy, a, b))

    def finish(self):
        """The picture as other programs would hand it over: native size, perhaps with noise, blur or JPEG artefacts."""
        rng, im = self.rng, self.im
        if self.ss > 1:
            im = im.resize(self.native, rng.choice([Image.BOX, Image.BICUBIC, Image.LANCZOS]))
        r = rng.random()
        if r < .06:
            b = io.BytesIO()
            im.save(b, "JPEG", quality=rng.randint(60, 92))
            im = Image.open(b).convert("RGB")
        elif r < .11:
            a = np.asarray(im).astype(np.float32)
            n = np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(2, 7), a.shape)
            im = Image.fromarray(np.clip(a + n, 0, 255).astype(np.uint8))
        elif r < .14:
            im = im.filter(ImageFilter.GaussianBlur(rng.uniform(.2, .6)))
        return im
