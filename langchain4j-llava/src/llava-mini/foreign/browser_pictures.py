"""Screenshots of simple pages, taken with headless Chromium, and questions about them: nothing of it was seen in training.

    python browser_pictures.py OUT [--chromium /usr/bin/chromium]     # writes OUT/questions.jsonl (as heldout.py does)
"""
import argparse
import json
import os
import random
import subprocess
import tempfile

WORDS = ("Submit Cancel Invoice Warning Settings Monday Password Download Continue Receipt Search Profile January Offline "
         "Delete Update Welcome Order Finish Account Contact Budget Report").split()
COLORS = ["red", "green", "blue", "yellow", "orange", "purple", "pink", "brown", "black", "gray"]
STYLE = "body{margin:0;font-family:sans-serif}"


def login(rng):
    head, button = rng.choice(WORDS), rng.choice(WORDS)
    css = "body{background:%s;padding:32px}h1{font-size:52px;margin:0 0 28px}" % rng.choice(["#fff", "#f4f6f8", "#eef"])
    css += "input{width:380px;height:40px;display:block;margin:0 0 28px;border:1px solid #999}"
    css += "button{font-size:40px;padding:16px 32px;border:0;border-radius:8px;color:#fff;background:%s}" % rng.choice(["#0d6efd", "#198754", "#dc3545", "#222"])
    return css, f"<h1>{head}</h1><input><button>{button}</button>", [
        ("heading", "What is the heading?", head), ("button", "What does the button say?", button), ("yesno", "Is there a button?", "yes")]


def invoice(rng):
    total = str(rng.randint(100, 999))
    rows = "".join(f"<tr><td>{w}<td class=r>{rng.randint(10, 99)}" for w in rng.sample(WORDS, rng.randint(0, 2)))
    css = "body{padding:28px}h1{font-size:48px;margin:0 0 16px}table{width:100%;font-size:36px;border-collapse:collapse}"
    css += ".r{text-align:right}.t{font-weight:bold;font-size:42px;border-top:2px solid #333}"
    return css, f"<h1>Invoice</h1><table>{rows}<tr class=t><td>Total<td class=r>{rng.choice(['', '$'])}{total}</table>", [
        ("total", "What is the total?", total), ("heading", "What is the heading?", "Invoice")]


def error(rng):
    code = rng.choice(["", "E"]) + str(rng.randint(100, 999))
    css = "body{padding:40px;background:#fafafa}h1{font-size:56px;color:#b00;margin:0 0 24px}p{font-size:46px;margin:0}"
    return css, f"<h1>Error</h1><p>Code: {code}</p>", [("errorcode", "What is the error code?", code)]


def word(rng):
    w = rng.choice(WORDS) if rng.random() < .5 else str(rng.randint(100, 999))
    fg, bg = rng.choice([("#000", "#fff"), ("#fff", "#123"), ("#036", "#eef")])
    css = "body{background:%s;color:%s;display:flex;align-items:center;justify-content:center;height:100vh;font-size:110px}" % (bg, fg)
    return css, w, [("number" if w.isdigit() else "word", "What does it say?", w)]


def shapes(rng):
    def one(kind, color):
        box = {"circle": "width:180px;height:180px;border-radius:50%", "square": "width:170px;height:170px", "rectangle": "width:220px;height:110px"}[kind]
        return f'<div style="{box};background:{color}"></div>'
    kinds, cols = rng.sample(["circle", "square", "rectangle"], 2), rng.sample(COLORS, 2)
    n = rng.randint(1, 2)
    css = "body{display:flex;align-items:center;justify-content:space-around;height:100vh}"
    qa = [("count", "How many shapes are there?", str(n)), ("colour", f"What color is the {kinds[0]}?", cols[0])]
    if n == 1:
        qa.append(("shape", "Which shape is in the picture?", kinds[0]))
    else:
        qa += [("colour", f"What color is the {kinds[1]}?", cols[1]), ("relation", f"Where is the {kinds[0]} relative to the {kinds[1]}?", "left")]
    return css, "".join(one(k, c) for k, c in list(zip(kinds, cols))[:n]), qa


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("out")
    ap.add_argument("--chromium", default="/usr/bin/chromium")
    ap.add_argument("--each", type=int, default=10)
    a = ap.parse_args()
    os.makedirs(a.out + "/images", exist_ok=True)
    lines = []
    for i in range(a.each):
        for make in (login, invoice, error, word, shapes):
            rng = random.Random(f"{make.__name__}{i}")
            css, body, qa = make(rng)
            name = f"images/{make.__name__}-{i}.png"
            with tempfile.TemporaryDirectory() as d:
                with open(d + "/page.html", "w") as f:
                    f.write(f"<!doctype html><meta charset=utf-8><style>{STYLE}{css}</style><body>{body}")
                w, h = rng.choice([(640, 480), (640, 400), (600, 400)])
                subprocess.run([a.chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
                                "--disable-background-networking", "--disable-component-update", "--disable-sync", f"--user-data-dir={d}/profile",
                                f"--window-size={w},{h}", f"--screenshot={os.path.abspath(a.out)}/{name}", f"file://{d}/page.html"],
                               check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            lines += [{"family": f, "images": [name], "turns": [q], "answers": [r]} for f, q, r in qa]
    with open(a.out + "/questions.jsonl", "w") as f:
        f.writelines(json.dumps(l) + "\n" for l in lines)


if __name__ == "__main__":
    main()
