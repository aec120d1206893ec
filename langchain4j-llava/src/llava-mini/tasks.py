"""Scenes and their questions. make(rng, ...) draws one sample: pictures, and groups of conversation turns about them."""
import json
from draw import Picture, SHAPES, COLOR_NAMES, contrast, jitter, rgb, lum, pick_font, font_files
from words import WORDS, MORE, HEADINGS2, UNKNOWN, UNKNOWN_FORMS, UNKNOWN_PARTS, CHITCHAT, SYSTEMS

FAMILIES = ["colour", "shape", "count", "position", "relation", "yesno", "word", "number", "heading", "button", "total",
            "errorcode", "json", "describe", "draw", "unknown", "chat", "absent", "two", "second"]
READING = ["word", "number", "heading", "button", "total", "errorcode"]
N_UNKNOWN_TRAIN = len(UNKNOWN) - len(UNKNOWN) // 4
IDK = "I do not know."


def js(**kw):
    return json.dumps(kw, separators=(",", ":"))


def plural(s):
    return s + "s"


def an(s):
    return ("an " if s[0] in "aeiou" else "a ") + s


def wh(rng):
    """Design size: small pictures get few tokens, so they are cheap; the rest fills up to 2x2 tiles."""
    r = rng.random()
    if r < .22:
        return rng.uniform(60, 96), rng.uniform(60, 96)
    if r < .45:
        return rng.uniform(120, 192), rng.uniform(56, 96)
    if r < .52:
        return rng.uniform(60, 96), rng.uniform(120, 192)
    if r < .78:
        return 192, rng.uniform(105, 160)
    return rng.uniform(120, 192), rng.uniform(120, 192)


def bg_color(rng, avoid=(), light=None):
    for _ in range(60):
        r = rng.random()
        if r < .52:
            c = (255, 255, 255)
        elif r < .74:
            c = jitter(rng, rng.choice([(245, 245, 245), (240, 244, 250), (250, 246, 235), (235, 235, 235), (248, 250, 252)]), 6)
        elif r < .93:
            c = jitter(rng, rng.choice([(20, 20, 20), (30, 34, 40), (15, 23, 42), (0, 0, 0), (45, 45, 48), (0, 40, 60)]), 8)
        else:
            c = tuple(rng.randint(0, 255) for _ in range(3))
        if light is not None and (lum(c) > 140) != light:
            continue
        if all(dist(c, a) > 75 for a in avoid):
            return c
    return None


def dist(a, b):
    return max(abs(x - y) for x, y in zip(a, b))


def ink(rng, bg):
    for _ in range(50):
        r = rng.random()
        c = (0, 0, 0) if r < .5 else (255, 255, 255) if r < .7 else jitter(rng, (40, 44, 52), 20) if r < .85 else \
            tuple(rng.randint(0, 255) for _ in range(3))
        if contrast(c, bg) > 95:
            return c
    return (0, 0, 0) if lum(bg) > 128 else (255, 255, 255)


# ---------------------------------------------------------------- question wording

def say(rng, q):
    """Variations of case, spelling and punctuation. q is written in lower case with a final '?' or '.'."""
    if "color" in q and rng.random() < .5:
        q = q.replace("color", "colour")
    if "gray" in q and rng.random() < .3:
        q = q.replace("gray", "grey")
    r = rng.random()
    if r < .62:
        q = q[0].upper() + q[1:]
    if rng.random() < .22:
        q = q.rstrip("?.")
    r = rng.random()
    if r < .03:
        q = "Look at the picture. " + q
    elif r < .05:
        q = "Please answer: " + q
    elif r < .10:
        q = (q if q[-1] in "?." else q + ".") + rng.choice([" Answer in one word.", " Answer with one word.", " One word only.",
                                                             " Answer briefly.", " Be brief."])
    return q


asked = []                                              # the calls of ask for the current scene, to put the same questions in other words


def ask(rng, fam, templates, answer, **kw):
    asked.append((fam, templates, answer, kw))
    return (say(rng, rng.choice(templates).format(**kw)), answer, fam)


PIC = ["picture", "image", "picture", "drawing"]


# ---------------------------------------------------------------- shapes

class Obj:
    def __init__(self, kind, color, cx, cy, r):
        self.kind, self.color, self.cx, self.cy, self.r = kind, color, cx, cy, r


def shapes_scene(rng, pic_kw, n=None, size=None):
    w, h = size or wh(rng)
    n = n or rng.choices([1, 2, 3, 4, 5], [34, 28, 16, 11, 11])[0]
    if n > 3 and min(w, h) < 90:
        w, h = 192, rng.uniform(110, 192)
    few = n > 2 and rng.random() < .6
    kinds = rng.sample(SHAPES, rng.randint(1, 3)) if few else SHAPES
    cols = rng.sample(COLOR_NAMES, rng.randint(2, 4)) if few else COLOR_NAMES
    objs = []
    m = min(w, h)
    if rng.random() < .55 and n > 1:                    # cells of a grid
        gx, gy = (3, 3) if n > 4 else rng.choice([(3, 3), (2, 2), (3, 2), (2, 3)])
        if n == 2 and rng.random() < .5:
            gx, gy = (2, 1) if w > h else (1, 2)
        cells = rng.sample([(i, j) for i in range(gx) for j in range(gy)], n)
        cw, ch = w / gx, h / gy
        for i, j in cells:
            r = min(cw, ch) / 2 * rng.uniform(.62, .9)
            jx, jy = (cw / 2 - r) * .9, (ch / 2 - r) * .9
            objs.append(Obj(rng.choice(kinds), rng.choice(cols), (i + .5) * cw + rng.uniform(-jx, jx), (j + .5) * ch + rng.uniform(-jy, jy), r))
    else:
        for _ in range(200):
            if len(objs) == n:
                break
            r = m * (rng.uniform(.16, .45) if n == 1 else rng.uniform(.14, .3) if n < 4 else rng.uniform(.12, .2))
            r = max(r, 11)
            if 2 * r + 4 > m:
                continue
            cx, cy = rng.uniform(r + 1, w - r - 1), rng.uniform(r + 1, h - r - 1)
            if n == 1 and rng.random() < .55:
                bx, by = rng.choice([(.2, .2), (.5, .2), (.8, .2), (.2, .5), (.5, .5), (.8, .5), (.2, .8), (.5, .8), (.8, .8)])
                cx = min(max(w * (bx + rng.uniform(-.08, .08)), r + 1), w - r - 1)
                cy = min(max(h * (by + rng.uniform(-.08, .08)), r + 1), h - r - 1)
            if all((o.cx - cx) ** 2 + (o.cy - cy) ** 2 > (1.08 * (o.r + r) + 2) ** 2 for o in objs):
                objs.append(Obj(rng.choice(kinds), rng.choice(cols), cx, cy, r))
        n = len(objs)
    for o in objs:
        o.rgb = rgb(rng, o.color)
    bg = bg_color(rng, [o.rgb for o in objs])
    if bg is None:                                       # no background tells from all of them: recolour
        for o in objs:
            while o.color in ("white", "pink", "yellow"):
                o.color = rng.choice(COLOR_NAMES)
                o.rgb = rgb(rng, o.color)
        bg = bg_color(rng, [o.rgb for o in objs]) or (255, 255, 255)
    p = Picture(rng, w, h, bg, **pic_kw)
    p.background()
    style = rng.random()
    for o in objs:
        # A dark outline on a light picture (or the reverse) must not be mistaken for the colour asked about.
        line = None
        if style < .2 and o.color not in ("black", "white"):
            line = (0, 0, 0) if lum(bg) > 128 else (255, 255, 255)
        p.shape(o.kind, o.color, o.cx, o.cy, o.r, o.rgb, line, hollow=False)
    return p, objs


def where(o, w, h):
    def band(f):
        return 0 if f < .36 else 1 if .43 < f < .57 else 2 if f > .64 else None
    bx, by = band(o.cx / w), band(o.cy / h)
    if bx is None or by is None:
        return None
    return [["top left", "top", "top right"], ["left", "center", "right"], ["bottom left", "bottom", "bottom right"]][by][bx]


def relation(a, b):
    """Where a is as seen from b, where that is clear."""
    dx, dy = a.cx - b.cx, a.cy - b.cy
    if abs(dx) > 1.6 * abs(dy) and abs(dx) > .5 * (a.r + b.r):
        return "left" if dx < 0 else "right"
    if abs(dy) > 1.6 * abs(dx) and abs(dy) > .5 * (a.r + b.r):
        return "above" if dy < 0 else "below"
    return None


REL = {"left": "left of", "right": "right of", "above": "above", "below": "below"}
OPP = {"left": "right", "right": "left", "above": "below", "below": "above"}
JSON_SC = ["answer as json with shape and color.", "describe the shape as json with shape and color.",
           "give the shape and the color as json.", "return a json object with the keys shape and color.",
           "which shape and color? answer as json.", "what is in the {pic}? answer as json with shape and color.",
           "give me json with shape and color."]
JSON_CS = ["answer as json with color and shape.", "give the color and the shape as json.",
           "return a json object with the keys color and shape."]
L4J = "\nYou must answer strictly in the following JSON format: {\n"       # the wording of LangChain4j's AiServices


def l4j(rng, q, keys):
    return q + L4J + ",\n".join('"%s": (type: %s)' % (k, t) for k, t in keys) + "\n}"


def shapes_qa(rng, objs, w, h):
    pic = rng.choice(PIC)
    kinds = {k: [o for o in objs if o.kind == k] for k in SHAPES}
    cols = {c: [o for o in objs if o.color == c] for c in COLOR_NAMES}
    n, out = len(objs), []
    uk = [o for o in objs if len(kinds[o.kind]) == 1]    # shapes that their kind identifies
    uc = [o for o in objs if len(cols[o.color]) == 1]
    for o in rng.sample(uk, min(2, len(uk))):
        out.append(ask(rng, "colour", ["what color is the {s}?", "what color is the {s}?", "what is the color of the {s}?",
                   "which color does the {s} have?", "what color does the {s} have?", "the {s} has which color?",
                   "which color is the {s}?", "name the color of the {s}.", "tell me the color of the {s}.",
                   "what color is the {s} in the {p}?"], o.color, s=o.kind, p=pic))
    for o in rng.sample(uc, min(2, len(uc))):
        out.append(ask(rng, "shape", ["which shape is {c}?", "what shape is {c}?", "what is the {c} shape?", "name the {c} shape.",
                   "what kind of shape is the {c} one?", "which shape is the {c} one?", "what {c} shape is in the {p}?"], o.kind, c=o.color, p=pic))
    if n == 1:
        o = objs[0]
        out.append(ask(rng, "shape", ["what shape is in the {p}?", "which shape is this?", "what shape is this?", "which shape do you see?",
                   "what shape is it?", "name the shape.", "what is the shape?", "which shape is shown?", "what do you see?"], o.kind, p=pic))
        out.append(ask(rng, "colour", ["what color is the shape?", "what color is it?", "which color do you see?", "name the color of the shape.",
                   "what is the color of the shape in the {p}?"], o.color, p=pic))
        pos = where(o, w, h)
        if pos:
            out.append(ask(rng, "position", ["where is the shape?", "where is the {s}?", "where in the {p} is the {s}?",
                       "what is the position of the {s}?", "where is the {c} shape?"], pos, s=o.kind, c=o.color, p=pic))
    if n <= 2:
        t = ["what is in the {p}?", "describe the {p}.", "what does the {p} show?", "describe what you see.", "what can you see?"]
        if n == 1:
            out.append(ask(rng, "describe", t, "{} {}.".format(an(objs[0].color).capitalize(), objs[0].kind), p=pic))
        else:
            a, b = objs
            r = relation(a, b)
            if r in ("right", "below"):                   # canonical: the left or upper one is named first
                a, b, r = b, a, OPP[r]
            if r:
                out.append(ask(rng, "describe", t, "{} {} {} {} {}.".format(an(a.color).capitalize(), a.kind, REL[r], an(b.color), b.kind), p=pic))
    for o in rng.sample(uk, min(2, len(uk))):
        pos = where(o, w, h)
        if pos and n <= 4:
            out.append(ask(rng, "position", ["where is the {s}?", "where in the {p} is the {s}?", "where is the {c} {s}?",
                       "what is the position of the {s}?"], pos, s=o.kind, c=o.color, p=pic))
        fx, fy = o.cx / w, o.cy / h
        if abs(fx - .5) > .1:
            out.append(ask(rng, "position", ["is the {s} on the left or on the right?", "is the {s} left or right?",
                       "on which side is the {s}, left or right?", "left or right: where is the {s}?"], "left" if fx < .5 else "right", s=o.kind))
        if abs(fy - .5) > .1 and rng.random() < .6:
            out.append(ask(rng, "position", ["is the {s} at the top or at the bottom?", "is the {s} top or bottom?",
                       "top or bottom: where is the {s}?"], "top" if fy < .5 else "bottom", s=o.kind))
    # relations between two shapes
    pairs = [(a, b) for a in uk for b in uk if a is not b]
    rng.shuffle(pairs)
    for a, b in pairs[:3]:
        r = relation(a, b)
        if not r:
            continue
        for _ in range(2):
            out.append(ask(rng, "relation", ["where is the {a} relative to the {b}?", "where is the {a} compared to the {b}?",
                       "is the {a} left, right, above or below the {b}?", "where is the {a} as seen from the {b}?",
                       "what is the position of the {a} relative to the {b}?", "where is the {ac} {a} relative to the {bc} {b}?"], r,
                       a=a.kind, b=b.kind, ac=a.color, bc=b.color))
        if n == 2:
            out.append(ask(rng, "relation", ["what is {r} the {b}?", "which shape is {r} the {b}?", "what shape is {r} the {b}?"], a.kind,
                       r=REL[r], b=b.kind))
            out.append(ask(rng, "relation", ["which color is the shape {r} the {b}?", "what color is the shape {r} the {b}?"], a.color,
                       r=REL[r], b=b.kind))
        if rng.random() < .4:
            yes = rng.random() < .5
            out.append(ask(rng, "yesno", ["is the {a} {r} the {b}?", "is the {ac} {a} {r} the {bc} {b}?"], "yes" if yes else "no",
                       r=REL[r if yes else OPP[r]], a=a.kind, b=b.kind, ac=a.color, bc=b.color))
    # counts
    out.append(ask(rng, "count", ["how many shapes are there?", "how many shapes are in the {p}?", "how many shapes do you see?", "count the shapes.",
               "how many shapes can you see?", "what is the number of shapes?", "how many objects are there?"], str(n), p=pic))
    if rng.random() < .7:
        k = rng.choice([o.kind for o in objs]) if rng.random() < .85 else rng.choice(SHAPES)
        out.append(ask(rng, "count", ["how many {s} are there?", "how many {s} are in the {p}?", "how many {s} do you see?", "count the {s}.",
                   "what is the number of {s}?"], str(len(kinds[k])), s=plural(k), p=pic))
    else:
        c = rng.choice([o.color for o in objs]) if rng.random() < .85 else rng.choice(COLOR_NAMES)
        out.append(ask(rng, "count", ["how many {c} shapes are there?", "how many shapes are {c}?", "count the {c} shapes.",
                   "how many {c} shapes are in the {p}?"], str(len(cols[c])), c=c, p=pic))
    # yes / no
    for _ in range(2):
        k, yes = rng.random(), rng.random() < .5
        o = rng.choice(objs)
        if k < .45:
            s = o.kind if yes else rng.choice([s for s in SHAPES if not kinds[s]])
            out.append(ask(rng, "yesno", ["is there a {s}?", "is there a {s} in the {p}?", "do you see a {s}?", "does the {p} show a {s}?",
                       "can you see a {s}?"], "yes" if yes else "no", s=s, p=pic))
        elif k < .8 and uk:
            o = rng.choice(uk)
            c = o.color if yes else rng.choice([c for c in COLOR_NAMES if c != o.color])
            out.append(ask(rng, "yesno", ["is the {s} {c}?", "is the color of the {s} {c}?"], "yes" if yes else "no", s=o.kind, c=c))
        else:
            if yes:
                s, c = o.kind, o.color
            else:
                s, c = o.kind, rng.choice(COLOR_NAMES)
                if rng.random() < .4:
                    s, c = rng.choice(SHAPES), o.color
            have = any(x.kind == s and x.color == c for x in objs)
            out.append(ask(rng, "yesno", ["is there a {c} {s}?", "is there a {c} {s} in the {p}?", "do you see a {c} {s}?"],
                       "yes" if have else "no", s=s, c=c, p=pic))
    # JSON
    if n == 1 or rng.random() < .25:
        o = objs[0] if n == 1 else (rng.choice(uk) if uk else None)
        if o:
            if rng.random() < .12:
                q = say(rng, rng.choice(["describe the {s}.", "what do you see?", "what is in the {p}?"] if n == 1 else ["describe the {k}."]).format(s="shape", p=pic, k=o.kind))
                out.append((l4j(rng, q, [("shape", "string"), ("color", "string")]), js(shape=o.kind, color=o.color), "json"))
            elif n > 1:
                out.append(ask(rng, "json", ["describe the {k} as json with shape and color.", "give the shape and color of the {k} as json."],
                           js(shape=o.kind, color=o.color), k=o.kind))
            elif rng.random() < .75:
                out.append(ask(rng, "json", JSON_SC, js(shape=o.kind, color=o.color), pic=pic))
            else:
                out.append(ask(rng, "json", JSON_CS, js(color=o.color, shape=o.kind), pic=pic))
    if rng.random() < .2:
        out.append(ask(rng, "json", ["how many shapes are there? answer as json.", "count the shapes. answer as json.",
                   "give the number of shapes as json with count.", "how many shapes are there? answer as json with count."], js(count=n)))
    if rng.random() < .12:
        s = rng.choice([s for s in SHAPES if not kinds[s]])
        out.append(ask(rng, "absent", ["what color is the {s}?", "where is the {s}?", "what is the color of the {s}?"], "There is no {}.".format(s), s=s))
    elif rng.random() < .05:
        out.append(ask(rng, "absent", ["what is the heading?", "what does the button say?", "what is the error code?", "what is the total?", "what word is printed?"],
                   "I do not know.", ))
        q, _, f = out[-1]
        out[-1] = (q, "There is no text.", f)
    return out


# ---------------------------------------------------------------- text

def cased(rng, s):
    r = rng.random()
    return s if r < .92 else s.upper()


def rand_word(rng):
    return rng.choice(WORDS if rng.random() < .65 else MORE)


def number(rng):
    return str(rng.randint(100, 999))


def amount(rng):
    r = rng.random()
    return number(rng) if r < .75 else str(rng.randint(10, 99)) if r < .85 else "%d.%02d" % (rng.randint(1, 99), rng.choice([0, 50, 90, 99, rng.randint(1, 98)]))


def err_code(rng):
    r = rng.random()
    return number(rng) if r < .5 else rng.choice(["E", "E", "F", "X", "C", "B", "A"]) + number(rng) if r < .85 else \
        rng.choice(["404", "500", "503", "403", "401", "502"])


def fit_size(p, s, lo, hi, maxw, rng, path=None):
    """A font size in [lo, hi] (log-uniform) with which s is at most maxw wide; None when even lo does not fit."""
    _, w1, _ = p.text_size(s, 20, path)
    hi = min(hi, maxw / w1 * 20 * .98)
    if hi < lo:
        return None
    return lo * (hi / lo) ** rng.random()


WORD_Q = ["what word is printed?", "read the word.", "what does it say?", "which word is shown?", "read the text.", "what is written here?",
          "what word do you see?", "what text is in the {p}?", "what is the word?", "which word is in the {p}?", "what does the {p} say?",
          "what is written in the {p}?"]
NUM_Q = ["what number is printed?", "read the number.", "which number is shown?", "what number do you see?", "what is the number?",
         "which number is in the {p}?", "what number is in the {p}?", "what is written here?", "what does it say?", "read the text."]


def word_scene(rng, pic_kw, lo, size=None):
    w, h = size or wh(rng)
    if size is None and rng.random() < .3:
        w, h = rng.uniform(90, 192), rng.uniform(26, 60)
    bg = bg_color(rng) or (255, 255, 255)
    p = Picture(rng, w, h, bg, **pic_kw)
    p.background()
    isnum = rng.random() < .42
    two = size is None and h > 70 and rng.random() < .22
    items, y = [], 0
    for i in range(2 if two else 1):
        num = isnum if not two else rng.random() < .35
        s = number(rng) if num else cased(rng, rand_word(rng))
        H = h / 2 if two else h
        hi = min(.62 * H, 44)
        zlo = max(lo, .095 * w)                           # legible in the overview, too
        z = fit_size(p, s, min(zlo, hi), hi, w - 8, rng)
        if z is None:
            s, num = number(rng), True
            z = fit_size(p, s, min(zlo, hi), hi, w - 8, rng) or lo * .8
        _, tw, th = p.text_size(s, z)
        x = rng.uniform(3, max(3.1, w - tw - 3)) if rng.random() < .6 else (w - tw) / 2
        yy = i * H + (rng.uniform(2, max(2.1, H - th - 2)) if rng.random() < .6 else max(1, (H - th) / 2))
        ibg = bg
        r = rng.random()
        if r < .12:                                       # a box behind
            ibg = jitter(rng, rng.choice([(255, 255, 255), (30, 30, 30), (220, 230, 250), (250, 240, 200)]), 6)
            m = rng.uniform(2, 6)
            p.d.rectangle([v * p.s for v in (x - m, yy - m, x + tw + m, yy + th + m)], fill=ibg)
        c = ink(rng, ibg)
        p.text(x, yy, s, z, c, role="second" if i else "first")
        if .12 < r < .18:
            p.d.line([(x * p.s, (yy + th + 2) * p.s), ((x + tw) * p.s, (yy + th + 2) * p.s)], fill=c, width=max(1, round(p.s)))
        items.append((s, num))
    pic = rng.choice(PIC)
    out = []
    if not two:
        s, num = items[0]
        for _ in range(2):
            out.append(ask(rng, "number" if num else "word", NUM_Q if num else WORD_Q, s, p=pic))
        if rng.random() < .3:
            out.append(ask(rng, "number" if num else "word", ["read the text. answer as json with text.", "give the text as json.", "what is written here? answer as json."], js(text=s)))
        if rng.random() < .15:
            out.append(ask(rng, "absent", ["what color is the {s}?", "where is the {s}?"], "There is no {}.".format(k := rng.choice(SHAPES)), s=k))
    else:
        (a, an), (b, bn) = items
        for d, s, num in (("top", a, an), ("bottom", b, bn)):
            k = "number" if num else "word"
            out.append(ask(rng, k, ["what is the {d} {k}?", "read the {d} {k}.", "what does the {d} line say?", "which {k} is at the {d}?"], s, d=d, k=k))
        if an != bn:
            s, k = (a, "number") if an else (b, "number")
            out.append(ask(rng, "number", ["what number is shown?", "read the number.", "what is the number?"], s))
            out.append(ask(rng, "word", ["what word is shown?", "read the word.", "what is the word?"], b if an else a))
    return p, out


# ---------------------------------------------------------------- screens

def filler(rng, p, x0, y0, x1, y1, bg):
    """Text-like grey lines or small words that are never asked for."""
    y = y0
    c = tuple((a + b) // 2 for a, b in zip(bg, (0, 0, 0) if lum(bg) > 128 else (255, 255, 255)))
    kind = rng.random()
    while y + 6 < y1:
        if kind < .5:
            p.d.rectangle([v * p.s for v in (x0, y, x0 + (x1 - x0) * rng.uniform(.4, 1), y + 2.5)], fill=c)
            y += rng.uniform(6, 9)
        else:
            s, z = "", rng.uniform(7, 9.5)
            while True:
                t = (s + " " + rand_word(rng).lower()).strip()
                if p.text_size(t, z)[1] > x1 - x0:
                    break
                s = t
            if not s:
                return
            y += p.text(x0, y, s, z, c)[1] + rng.uniform(3, 6)
        if rng.random() < .3:
            return


def button(rng, p, x, y, s, z, bg, color=None):
    _, tw, th = p.text_size(s, z)
    px, py = rng.uniform(4, 12), rng.uniform(3.5, 7)
    name = color or rng.choice(["blue", "blue", "green", "red", "gray", "black", "orange", "purple", "white"])
    for _ in range(20):
        c = rgb(rng, name)
        if dist(c, bg) > 55:
            break
        name = rng.choice(["blue", "green", "red", "gray", "orange", "purple"])
    f = (255, 255, 255) if lum(c) < 150 else (0, 0, 0)
    if contrast(f, c) < 90:
        f = (0, 0, 0)
    box = [v * p.s for v in (x, y, x + tw + 2 * px, y + th + 2 * py)]
    rad = rng.choice([0, 2, 4, 8])
    out = jitter(rng, c, 30) if rng.random() < .4 else None
    if rad:
        p.d.rounded_rectangle(box, radius=min(rad * p.s, (th + 2 * py) * p.s / 2 - 1), fill=c, outline=out)
    else:
        p.d.rectangle(box, fill=c, outline=out)
    p.text(x + px, y + py, s, z, f, role="button")
    p.fills.append((COLOR_NAMES.index(name) + 1, x, y, x + tw + 2 * px, y + th + 2 * py))
    return name, tw + 2 * px, th + 2 * py


def screen_scene(rng, pic_kw, lo):
    w, h = 192, rng.uniform(110, 185)
    if rng.random() < .3:
        w, h = rng.uniform(140, 192), rng.uniform(130, 192)
    light = rng.random() < .75
    bg = bg_color(rng, light=light) or (255, 255, 255)
    p = Picture(rng, w, h, bg, **pic_kw)
    if rng.random() < .25:
        p.background()
    kind = rng.choices(["page", "invoice", "error"], [4, 4, 3])[0]
    mar = rng.uniform(6, 18)
    if rng.random() < .25:                                # a card or window in the middle
        c = jitter(rng, (250, 250, 250) if light else (50, 54, 62), 5)
        p.d.rectangle([v * p.s for v in (mar * .5, mar * .5, w - mar * .5, h - mar * .5)], fill=c, outline=jitter(rng, c, 40))
        bg = c
    fg = ink(rng, bg)
    heads = p.font_path
    body = heads if rng.random() < .7 else pick_font(rng, p.hof)
    out, pic = [], rng.choice(PIC + ["screen", "page", "screenshot", "window"])
    y = mar + rng.uniform(0, 6)

    def put_heading(s, hi=26):
        nonlocal y
        z = fit_size(p, s, lo * 1.15, hi, w - 2 * mar, rng) or fit_size(p, s, 8, hi, w - 2 * mar, rng) or 8
        if rng.random() < .15:                            # a bar behind the heading
            c = rgb(rng, rng.choice(["blue", "black", "gray", "green", "purple"]))
            th = p.text_size(s, z)[2]
            p.d.rectangle([0, (y - 5) * p.s, w * p.s, (y + th + 5) * p.s], fill=c)
            f = (255, 255, 255) if lum(c) < 150 else (0, 0, 0)
        else:
            f = fg if rng.random() < .8 else ink(rng, bg)
        if rng.random() < .7:
            y += p.text(mar, y, s, z, f, heads, role="heading")[1]
        else:
            y += p.text(w / 2, y, s, z, f, heads, anchor="m", role="heading")[1]

    def maybe_button(prob=.6):
        nonlocal y
        if rng.random() > prob or y + 20 > h:
            if rng.random() < .15:
                out.append(ask(rng, "absent", ["what does the button say?", "what is written on the button?"], "There is no button."))
            if rng.random() < .2:
                out.append(ask(rng, "yesno", ["is there a button?", "do you see a button?"], "no"))
            return
        s = cased(rng, rand_word(rng)) if rng.random() < .9 else rng.choice(["Sign in", "Log in", "OK", "Sign up"])
        z = fit_size(p, s, lo, 18, w - 2 * mar - 26, rng, body)
        if z is None:
            return
        keep, p.font_path = p.font_path, body
        _, tw, th = p.text_size(s, z)
        by = min(y + rng.uniform(3, 20), h - th - 16)
        bx = rng.choice([mar, w - mar - tw - 24, (w - tw - 16) / 2])
        name, bw, bh = button(rng, p, max(2, bx), by, s, z, bg)
        p.font_path = keep
        y = by + bh
        out.append(ask(rng, "button", ["what does the button say?", "what is written on the button?", "which word is on the button?", "read the button.",
                   "what is the text on the button?", "what is the label of the button?", "what is the button called?", "what does the button on the {p} say?"], s, p=pic))
        if rng.random() < .4:
            out.append(ask(rng, "colour", ["what color is the button?", "which color has the button?", "what is the color of the button?"], name))
        if rng.random() < .2:
            out.append(ask(rng, "yesno", ["is there a button?", "do you see a button?"], "yes"))

    def ask_heading(s):
        out.append(ask(rng, "heading", ["what is the heading?", "read the heading.", "what does the heading say?", "what is the title?",
                   "what is the heading of the {p}?", "which heading does the {p} have?", "what is the title of the {p}?", "what is written at the top?"], s, p=pic))

    if kind == "page":
        s = rng.choice(HEADINGS2) if rng.random() < .2 else cased(rng, rand_word(rng))
        put_heading(s)
        ask_heading(s)
        y += rng.uniform(5, 12)
        if rng.random() < .65:
            y2 = min(h - 32, y + rng.uniform(10, 50))
            filler(rng, p, mar, y, w - mar * rng.uniform(1, 3), y2, bg)
            y = max(y, y2)
        if rng.random() < .25 and y + 40 < h:
            p.d.rectangle([v * p.s for v in (mar, y, w - mar, y + 12)], fill=(255, 255, 255) if light else jitter(rng, bg, 20), outline=(140, 140, 140))
            y += 16
        maybe_button(.85)
        b = [a for _, a, f in out if f == "button"]
        if b and b[0][0] != "{" and rng.random() < .15:
            out.append(ask(rng, "heading", ["give the heading and the button as json.", "answer as json with heading and button."], js(heading=s, button=b[0])))
    elif kind == "invoice":
        s = rng.choice(["Invoice", "INVOICE", "Invoice", "Receipt", "Bill", "Order", "Quote"]) if rng.random() < .75 else cased(rng, rand_word(rng))
        put_heading(s, 24)
        if rng.random() < .6:
            ask_heading(s)
        y += rng.uniform(4, 9)
        total, cur = amount(rng), rng.choice(["", "", "$", "EUR", "€"])
        tot_label = rng.choice(["Total", "Total", "Total:", "TOTAL", "Total amount", "Amount due", "Grand total"])
        z = rng.uniform(lo, lo * 1.35)

        def money(a):
            return cur + a if cur in ("$", "€") else (a + " " + cur).strip()
        # the total must fit next to its label
        while p.text_size(tot_label + "  " + money(total), z)[1] > w - 2 * mar and z > 8:
            z *= .93
        rows = rng.randint(0, 3)
        zi = min(z, rng.uniform(.8, 1) * z)
        for _ in range(rows):
            th = p.text_size("Xg", zi)[2]
            if y + th * 3 + z > h - 4:
                break
            it = rand_word(rng)
            if p.text_size(it + "   " + money(total), zi, body)[1] > w - 2 * mar:
                it = rng.choice(["Item", "Tax", "Tea", "Pen"])
            p.text(mar, y, it, zi, fg, body)
            p.text(w - mar, y, money(amount(rng)), zi, fg, body, anchor="r")
            y += th + rng.uniform(3, 6)
        if rng.random() < .5:
            p.d.line([(mar * p.s, y * p.s), ((w - mar) * p.s, y * p.s)], fill=fg, width=max(1, round(.7 * p.s)))
            y += 4
        th = p.text_size("Xg", z)[2]
        y = min(y + rng.uniform(0, 8), h - th - 2)
        p.text(mar, y, tot_label, z, fg, heads)
        if rng.random() < .75:
            p.text(w - mar, y, money(total), z, fg, heads, anchor="r", mark=(total, "total"))
        else:
            p.text(mar + p.text_size(tot_label, z)[1] + rng.uniform(5, 9), y, money(total), z, fg, heads, mark=(total, "total"))
        y += th + 4
        for _ in range(2):
            out.append(ask(rng, "total", ["what is the total?", "how much is the total?", "what is the total on the invoice?", "read the total.",
                       "what is the total amount?", "which total is shown?", "what is the invoice total?", "how much must be paid?", "give the total."], total))
        if rng.random() < .35:
            out.append(ask(rng, "total", ["give the total as json.", "answer as json with total.", "what is the total? answer as json."], js(total=total)))
        maybe_button(.15)
    else:
        code = err_code(rng)
        r = rng.random()
        if r < .5:
            s = rng.choice(["Error", "ERROR", "Warning", "Failed", "Access denied", "Page not found", "Server error", "Not found", "Crash", "Oops"])
            put_heading(s, 22)
            if rng.random() < .4:
                ask_heading(s)
            y += rng.uniform(5, 12)
            line = rng.choice(["Code: {}", "Code {}", "Error code: {}", "Error code {}", "Error {}", "{}"]).format(code)
        else:
            line = rng.choice(["Error {}", "ERROR {}", "Error: {}", "Error code: {}", "Error code {}", "Code: {}", "{} Error"]).format(code)
        z = fit_size(p, line, lo, 24, w - 2 * mar, rng, body) or 8
        f = fg if rng.random() < .6 else ink(rng, bg)
        y += p.text(mar if rng.random() < .7 else (w - p.text_size(line, z, body)[1]) / 2, y, line, z, f, body, mark=(code, "code"))[1] + 5
        for _ in range(2):
            out.append(ask(rng, "errorcode", ["what is the error code?", "which error code is shown?", "read the error code.", "what error code do you see?",
                       "what is the code of the error?", "which error occurred?", "what error code is on the {p}?", "give the error code."], code, p=pic))
        if rng.random() < .3:
            out.append(ask(rng, "errorcode", ["give the error code as json.", "answer as json with code.", "what is the error code? answer as json."], js(code=code)))
        if rng.random() < .5:
            y2 = min(h - 30, y + 30)
            filler(rng, p, mar, y, w - mar * 2, y2, bg)
            y = max(y, y2)
        maybe_button(.55)
    if rng.random() < .12:
        out.append(ask(rng, "absent", ["what color is the {s}?", "where is the {s}?"], "There is no {}.".format(k := rng.choice(SHAPES)), s=k))
    return p, out


# ---------------------------------------------------------------- text only

SVG_SHAPE = {
    "circle": '<circle cx="{x}" cy="{y}" r="30" fill="{c}"/>',
    "square": '<rect x="{x0}" y="{y0}" width="60" height="60" fill="{c}"/>',
    "rectangle": '<rect x="{xr}" y="{yr}" width="80" height="40" fill="{c}"/>',
    "triangle": '<polygon points="{x},{y0} {x1},{y1} {x0},{y1}" fill="{c}"/>',
    "diamond": '<polygon points="{x},{y0} {x1},{y} {x},{y1} {x0},{y}" fill="{c}"/>',
}


def svg(items, w, h):
    def one(k, c, x, y):
        return SVG_SHAPE[k].format(c=c, x=x, y=y, x0=x - 30, x1=x + 30, y0=y - 30, y1=y + 30, xr=x - 40, yr=y - 20)
    return '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d">' % (w, h) + "".join(one(*i) for i in items) + "</svg>"


def draw_qa(rng):
    ks = list(SVG_SHAPE)
    a, b = rng.choice(ks), rng.choice(ks)
    ca, cb = rng.choice(COLOR_NAMES), rng.choice(COLOR_NAMES)
    end = rng.choice(["", "", ".", " as svg", " as svg.", " as an svg", " in svg"])
    verb = rng.choice(["draw", "draw", "draw", "paint", "sketch", "please draw", "make a drawing of", "make an svg of", "create an svg with"])
    if "svg" in verb:
        end = end.strip()[-1:].replace("g", "")
    pa, pb = an(ca) + " " + a, an(cb) + " " + b
    if rng.random() < .3:
        q, s = f"{verb} {pa}{end}", svg([(a, ca, 50, 50)], 100, 100)
    else:
        r = rng.choice(list(REL))
        word = {"left": ["left of", "to the left of", "on the left of"], "right": ["right of", "to the right of", "on the right of"],
                "above": ["above", "over", "on top of"], "below": ["below", "under"]}[r]
        q = f"{verb} {pa} {rng.choice(word[:2] if rng.random() < .7 else word)} {pb}{end}"
        if r in ("left", "right"):
            pos, size = ((50, 50), (150, 50)), (200, 100)
        else:
            pos, size = ((50, 50), (50, 150)), (100, 200)
        if r in ("right", "below"):
            pos = pos[::-1]
        items = [(a, ca, *pos[0]), (b, cb, *pos[1])]
        s = svg(sorted(items, key=lambda i: (i[2], i[3])), *size)       # drawn from left to right, top to bottom
    if rng.random() < .6:
        q = q[0].upper() + q[1:]
    return (q, s, "draw")


def unknown_q(rng, held_out):
    q = rng.choice(UNKNOWN[N_UNKNOWN_TRAIN:] if held_out else UNKNOWN[:N_UNKNOWN_TRAIN])
    if not held_out and rng.random() < .6:
        made = rng.choice(UNKNOWN_FORMS).format_map({k: rng.choice(v) for k, v in UNKNOWN_PARTS.items()})
        q = q if made in UNKNOWN[N_UNKNOWN_TRAIN:] else made
    if rng.random() < .6:
        q = q[0].upper() + q[1:]
    if rng.random() < .7:
        q += "." if q.split()[0].lower() in ("tell", "write", "translate", "explain", "give", "sing", "solve") else "?"
    return (q, IDK, "unknown")


def chat_q(rng):
    q, a = rng.choice(CHITCHAT)
    if rng.random() < .6:
        q = q[0].upper() + q[1:]
    if rng.random() < .3:
        q = q.rstrip("?") + rng.choice(["", "!", "."]) if "?" not in q else q.rstrip("?")
    return (q, a, "chat")


def text_only(rng, held_out):
    out = [draw_qa(rng) for _ in range(4)] + [unknown_q(rng, held_out) for _ in range(4)]
    if rng.random() < .7:
        out.append(chat_q(rng))
    if rng.random() < .5:
        out.append((say(rng, rng.choice(["what color is the circle?", "what is in the picture?", "read the word.", "how many shapes are there?",
                                         "what does the button say?", "what is the heading?", "what is the total?", "describe the picture."])), "There is no picture.", "absent"))
    return out


# ---------------------------------------------------------------- two pictures

ORD = [["first", "first", "left"], ["second", "second", "right"]]


def two_scene(rng, pic_kw, lo):
    pics, facts = [], []
    for _ in range(2):
        size = (rng.uniform(60, 96), rng.uniform(60, 96)) if rng.random() < .6 else (rng.uniform(110, 192), rng.uniform(50, 96))
        if rng.random() < .8:
            p, objs = shapes_scene(rng, pic_kw, n=1 if rng.random() < .8 else 2, size=size)
            pics.append(p)
            facts.append(("shape", objs))
        else:
            p, _ = word_scene(rng, pic_kw, lo, size)
            pics.append(p)
            facts.append(("text", None))
    out = []
    P = rng.choice(["picture", "image"])
    for i in (0, 1):
        o = ["first", "second"][i]
        f = facts[i]
        if f[0] == "shape" and len(f[1]) == 1:
            s = f[1][0]
            out.append(ask(rng, "two", ["what color is the shape in the {o} {P}?", "what color is the {s} in the {o} {P}?", "which color does the {o} {P} show?"], s.color, o=o, P=P, s=s.kind))
            out.append(ask(rng, "two", ["what shape is in the {o} {P}?", "which shape does the {o} {P} show?", "what is in the {o} {P}?"], s.kind, o=o, P=P))
        elif f[0] == "shape":
            out.append(ask(rng, "two", ["how many shapes are in the {o} {P}?", "how many shapes does the {o} {P} show?"], str(len(f[1])), o=o, P=P))
    # which picture shows something that only one of them shows
    if all(f[0] == "shape" for f in facts):
        a, b = ({(o.kind) for o in facts[0][1]}, {o.kind for o in facts[1][1]})
        ca, cb = ({(o.color) for o in facts[0][1]}, {o.color for o in facts[1][1]})
        for which, only in (("first", a - b), ("second", b - a)):
            if only:
                out.append(ask(rng, "two", ["which {P} shows a {s}, the first or the second?", "which {P} shows a {s}?", "in which {P} is the {s}?", "is the {s} in the first or in the second {P}?"],
                           which, P=P, s=rng.choice(sorted(only))))
    elif facts[0][0] != facts[1][0]:
        out.append(ask(rng, "two", ["which {P} shows text?", "which {P} shows a text, the first or the second?", "in which {P} is text?"], "first" if facts[0][0] == "text" else "second", P=P))
    return pics, out


# ---------------------------------------------------------------- pages for the first stage

CHARS = "0123456789" * 2 + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
EASY_FONTS = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"]


def page_text(rng):
    r = rng.random()
    return cased(rng, rand_word(rng)) if r < .4 else number(rng) if r < .55 else "".join(rng.choice(CHARS) for _ in range(rng.randint(1, 6)))


def page_scene(rng, pic_kw, lo, ease=0, grey=False):
    """A page full of letters, digits and words: many characters for the dense labels of the vision tower. ease 1: black on
    white, few fonts, each character in the middle of half a patch; ease 0: anything anywhere; grey: black on white
    in any case. Without this ladder the tower stays at chance for very long."""
    w = h = 192
    easy = rng.random() < ease
    bg = (255, 255, 255) if grey or easy or rng.random() < .5 else bg_color(rng) or (255, 255, 255)
    p = Picture(rng, w, h, bg, **{**pic_kw, **(dict(k=1, ss=1) if easy else {})})
    wob = (1 - ease) * 1.6
    cell = rng.random() < ease * 1.2                     # one character per slot
    y = 0 if cell else rng.uniform(0, 8)
    while True:
        path = p.font_path = easy_font(rng) if rng.random() < ease else pick_font(rng, p.hof)
        c = (0, 0, 0) if grey or easy else ink(rng, p.bg)
        if cell:
            if y + 15 > h:
                break
            z, jx = rng.uniform(12.5, 14.5) + rng.uniform(-2, 2) * wob, rng.uniform(-4, 4) * wob
            t = ""
            while len(t) < 24:
                t += page_text(rng) + (" " if rng.random() < .5 else "")
            jy = rng.uniform(-5, 5) * wob
            top = p.text_size("H", z)[2]
            for i, ch in enumerate(t[:24]):
                if ch != " ":
                    p.glyph(4 + 8 * i + jx, y + 8 + top / 2 + jy, ch, z, c, path)
            y += 16
            continue
        z = lo * 2.4 ** (rng.random() ** 1.5)
        if y + z * .8 > h:
            break
        s, n = "", rng.randint(2, 30)
        while len(s) < n:
            t = page_text(rng)
            if p.text_size(s + " " + t, z, path)[1] > w - 8:
                break
            s = (s + " " + t).strip()
        if s:
            tw = p.text_size(s, z, path)[1]
            y += p.text(rng.uniform(2, max(2.1, w - tw - 2)), y, s, z, c, path)[1]
        y += rng.uniform(2, 7)
    return p, []


def easy_font(rng):
    files = [f for _, fs in font_files()[0].values() for f in fs]
    return rng.choice([f for f in files if f.rsplit("/", 1)[1] in EASY_FONTS])


# ---------------------------------------------------------------- samples

# What the decoder learns from: shapes, words, screens, two pictures, text only, no pages; many questions about each.
ALL = dict(mix=[34, 20, 30, 8, 8, 0], small=.3, ngroups=12)


class Sample:
    __slots__ = ("pics", "groups", "system", "earlier", "tools")

    def __init__(self):
        self.earlier = []                                # [(pictures, question, answer)]: turns that all groups have behind them


def followups(rng, pool, ngroups):
    """Groups of turns: mostly single questions, about a third of them conversations of two or three turns."""
    rng.shuffle(pool)
    groups, i = [], 0
    while i < len(pool) and len(groups) < ngroups:
        m = rng.choices([1, 2, 3], [68, 26, 6])[0]
        turns = pool[i:i + m]
        i += m
        groups.append([turns[0]] + [(("And " + q[0].lower() + q[1:]) if rng.random() < .06 and not q.isupper() else q, a, f) for q, a, f in turns[1:]])
    return groups


def make(rng, lo=12, mix=None, held_out=False, held_out_fonts=False, ngroups=6, ease=0, small=0, kw={}):
    """lo: the smallest font size (in canvas pixels); mix: weights of shapes, words, screens, two pictures, text only, pages;
    small: the share of shapes and words in pictures of one tile."""
    kw = {"held_out_fonts": held_out_fonts, **kw}
    asked.clear()
    kind = rng.choices(["shapes", "words", "screens", "two", "text", "pages"], mix or [34, 26, 24, 10, 6, 0])[0]
    s = Sample()
    s.system = rng.choice(SYSTEMS) if rng.random() < .04 else None
    if kind == "text":
        s.pics, pool = [], text_only(rng, held_out)
    elif kind == "two":
        s.pics, pool = two_scene(rng, kw, lo)
    else:
        size = (rng.uniform(60, 96), rng.uniform(60, 96)) if rng.random() < small else None      # few tokens
        if kind == "shapes":
            p, objs = shapes_scene(rng, kw, size=size)
            pool = shapes_qa(rng, objs, p.w, p.h)
            if ngroups > 9:
                pool += shapes_qa(rng, objs, p.w, p.h)
        elif kind == "words":
            p, pool = word_scene(rng, kw, lo, size)
        elif kind == "pages":
            p, pool = page_scene(rng, kw, lo, ease * rng.random())
        else:
            p, pool = screen_scene(rng, kw, lo)
        s.pics = [p]
        if rng.random() < .2 and pool:
            pool.append(unknown_q(rng, held_out))
    if ngroups > 9 and kind in ("words", "screens", "two"):
        pool += [ask(rng, f, t, a, **k) for f, t, a, k in list(asked)]
    s.groups = followups(rng, pool, ngroups)
    return s
