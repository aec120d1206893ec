"""What the model learns beyond questions and answers: records (JSON by the field names of a prompt), tools (a block of them in the
system turn), and a new picture in a later turn. The texts around fields and tools are those of the Java side, to the character."""
import json
import tasks
from draw import COLOR_NAMES, ROLES, SHAPES
from words import WORDS, MORE, SYSTEMS, UNKNOWN_PARTS, CHITCHAT

FAMILIES = ["record", "call", "answer", "result", "later"]
FORMAT = "You must answer strictly in the following JSON format: "

# ---------------------------------------------------------------- what a picture says, by name

# The names under which a record or a tool may ask for something, the most usual ones more than once.
NAMES = {
    "shape": "shape shape shape shape kind figure form shapeName geometry shapeType".split(),
    "color": "color color color color colour colour shapeColor paint hue colorName".split(),
    "count": "count count count shapes numberOfShapes shapeCount howMany quantity items total_shapes".split(),
    "position": "position position place location where pos".split(),
    "word": "text text word word label content string printed".split(),
    "number": "number number number value digits printedNumber num".split(),
    "heading": "heading heading title title title header headline caption subject".split(),
    "button": "button button button buttonText buttonLabel action buttonName".split(),
    "total": "total total total amount amount sum totalAmount amountDue price total_amount toPay".split(),
    "errorcode": "code code code errorCode errorCode error error_code errorNumber failure".split(),
    "buttoncolor": "buttonColor buttonColour button_color".split()}
ABOUT = {
    "shape": ["the shape", "which shape it is", "the kind of shape", "name of the shape"],
    "color": ["the color", "the color of the shape", "its color", "which color it has"],
    "count": ["how many", "how many shapes there are", "the number of shapes", "how many shapes"],
    "position": ["where the shape is", "its position", "the place of the shape"],
    "word": ["the word", "the printed word", "the text in the picture", "what is written"],
    "number": ["the number", "the printed number", "which number is shown"],
    "heading": ["the heading", "the title of the page", "the text at the top", "the heading of the page"],
    "button": ["what the button says", "the text on the button", "the label of the button"],
    "total": ["the total", "the amount to pay", "the total amount", "how much must be paid"],
    "errorcode": ["the error code", "the code of the error", "which error", "the code"],
    "buttoncolor": ["the color of the button"]}
VAGUE = "value result answer a b x y field item data output".split()           # say nothing: then there is a description
PLACES = ["top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right"]
READ = {"shapes": ["describe the picture.", "what is in the picture?", "what do you see?", "look at the picture.", "describe the shape."],
        "words": ["read the picture.", "what does it say?", "read the text.", "what is written here?"],
        "page": ["read the page.", "describe the screen.", "read the screenshot.", "what is on the page?"],
        "invoice": ["read the invoice.", "read the bill.", "what does the invoice say?", "extract the invoice."],
        "error": ["read the error.", "what went wrong?", "which error is it?", "describe the error."]}
ANY = ["read the picture.", "extract the data.", "fill in the fields.", "give me the data.", "what does the picture show?", "read it.", "please read."]


class Scene:
    """A picture, its plain questions, and what it says by name; kind: shapes, words, page, invoice, error."""

    def __init__(self, rng, kw, lo, kind, size=None):
        self.objs, self.facts = [], {}
        tasks.asked.clear()
        if kind == "shapes":
            self.pic, self.objs = tasks.shapes_scene(rng, kw, n=1 if rng.random() < .5 else None, size=size)
            self.pool = tasks.shapes_qa(rng, self.objs, self.pic.w, self.pic.h)
            self.facts["count"] = str(len(self.objs))
            if len(self.objs) == 1:
                self.facts.update(self.of(self.objs[0]))
        else:
            self.pic, self.pool = tasks.word_scene(rng, kw, lo, size) if kind == "words" else tasks.screen_scene(rng, kw, lo)
            for fam in ("word", "number", "heading", "button", "total", "errorcode"):
                said = {a for _, a, f in self.pool if f == fam and a[0] != "{"}
                if len(said) == 1:
                    self.facts[fam] = said.pop()
            said = {a for _, a, f in self.pool if f == "colour"}
            if len(said) == 1:
                self.facts["buttoncolor"] = said.pop()
            top = [w[0] for w in self.pic.words if w[1] == ROLES.index("heading")]
            if top:
                self.facts["heading"] = " ".join(top)
            if kind == "words" and len({a for _, a, f in self.pool if f in ("word", "number") and a[0] != "{"}) > 1:
                self.facts = {k: v for k, v in self.facts.items() if len({a for _, a, f in self.pool if f == k and a[0] != "{"}) == 1}
        self.kind = kind if kind != "screens" else "invoice" if "total" in self.facts else "error" if "errorcode" in self.facts else "page"

    def of(self, o):
        """What is known of one shape."""
        at = tasks.where(o, self.pic.w, self.pic.h)
        return {"shape": o.kind, "color": o.color, **({"position": at} if at else {})}

    def plain(self):
        """Questions that have one short answer."""
        return [t for t in self.pool if t[1][0] != "{"]


def typed(rng, what, value, enum=True):
    """A type for a value, and the value in JSON."""
    digits, r = value.isdigit(), rng.random()
    if what == "count":
        kind = "integer" if r < .85 else "number" if r < .93 else "string"
    elif what == "number":
        kind = "integer" if r < .55 else "number" if r < .7 else "string"
    elif what == "total":
        kind = ("integer" if r < .4 else "number" if r < .8 else "string") if digits else "number" if r < .75 else "string"
    elif what == "errorcode":
        kind = "integer" if digits and r < .4 else "number" if digits and r < .45 else "string"
    elif what in ("shape", "color", "buttoncolor", "position") and r < .15 and enum:
        among = {"shape": SHAPES, "position": PLACES}.get(what, COLOR_NAMES)
        some = rng.sample([v for v in among if v != value], rng.randint(1, min(5, len(among) - 1))) + [value]
        rng.shuffle(some)
        if rng.random() < .6:
            some, value = [v.upper().replace(" ", "_") for v in some], value.upper().replace(" ", "_")
        return "enum, must be one of [" + ", ".join('"%s"' % v for v in some) + "]", json.dumps(value)
    else:
        kind = "string"
    return kind, json.dumps(value) if kind == "string" else value


def yes_no(rng, s):
    """A field that is true or false: (name, description, whether)."""
    yes = rng.random() < .5
    if s.objs:
        o = rng.choice(s.objs)
        if len(s.objs) == 1 and rng.random() < .5:
            c = o.color if yes else rng.choice([c for c in COLOR_NAMES if c != o.color])
            return rng.choice([c, "is" + c.capitalize()]), f"whether the shape is {c}", yes
        k = o.kind if yes else rng.choice([k for k in SHAPES if all(x.kind != k for x in s.objs)])
        return rng.choice([k, "has" + k.capitalize(), "is" + k.capitalize()] if len(s.objs) == 1 else ["has" + k.capitalize()]), f"whether there is a {k}", yes
    if s.kind in ("page", "invoice", "error"):
        has = [a for q, a, f in s.pool if f == "yesno" and "button" in q] or (["yes"] if "button" in s.facts else [])
        if has:
            return "hasButton", "whether there is a button", has[0] == "yes"
    return None


def fields(rng, s, known, most=5):
    """Fields to ask for, [(name, description or None, type, JSON)]."""
    out = []
    for what, value in known.items():
        kind, val = typed(rng, what, value)
        name, about = rng.choice(NAMES[what]), rng.choice(ABOUT[what]) if rng.random() < .3 else None
        if rng.random() < .06:
            name, about = rng.choice(VAGUE), rng.choice(ABOUT[what])
        out.append((name, about, kind, val))
    for o in rng.sample(s.objs, min(2, len(s.objs))):             # of one shape among several
        r = rng.random()
        if len(s.objs) > 1 and r < .5 and sum(x.kind == o.kind for x in s.objs) == 1:
            out.append((o.kind + rng.choice(["Color", "Color", "_color"]), None, *typed(rng, "color", o.color)))
        elif r > .8:
            out.append((o.kind + "s", None if r > .9 else f"how many {o.kind}s", "integer", str(sum(x.kind == o.kind for x in s.objs))))
    if rng.random() < .25 and (b := yes_no(rng, s)):
        out.append((b[0], b[1] if rng.random() < .4 else None, "boolean", "true" if b[2] else "false"))
    rng.shuffle(out)
    seen = set()
    out = [f for f in out if not (f[0] in seen or seen.add(f[0]))]
    return out[:rng.choice([n for n in (1, 2, 2, 3, 3, 4, 5) if n <= most])]


def skeleton(rng, some):
    """The fields as a prompt shows them."""
    optional = len(some) > 1 and rng.random() < .1

    def one(i, name, about, kind, _):
        return '"%s": (%stype: %s%s)' % (name, about + "; " if about else "", kind, "; optional" if optional and i and rng.random() < .5 else "")
    return "{\n" + ",\n".join(one(i, *f) for i, f in enumerate(some)) + "\n}"


def filled(some):
    return "{" + ",".join('"%s":%s' % (f[0], f[3]) for f in some) + "}"


def asks_value(rng, s):
    """A plain question whose answer is to be {"value": ...}, as AI services ask for numbers, flags and enums; None if there is none."""
    asked = [t for t in s.plain() if t[2] not in ("describe", "absent", "relation")]
    if not asked:
        return None
    q, a, f = rng.choice(asked)
    if f == "yesno":
        kind, val = "boolean", "true" if a == "yes" else "false"
    else:
        what = {"colour": "color"}.get(f, f)
        kind, val = typed(rng, what, a, enum=" or " not in q)
    return q, [("value", None, kind, val)]


def record(rng, s):
    """(prompt, answer, family, fields)."""
    one = None
    if rng.random() < .15 and (v := asks_value(rng, s)):
        q, some = v
    else:
        known, asks = dict(s.facts), READ[s.kind]
        unique = [o for o in s.objs if sum(x.kind == o.kind for x in s.objs) == 1]
        if len(s.objs) > 1 and unique and rng.random() < .5:
            one = rng.choice(unique)
            known = s.of(one)
            asks = ["describe the {}.", "what is the {} like?", "look at the {}.", "where is the {} and which color does it have?"]
            asks = [a.format(one.kind) for a in asks]
        some = fields(rng, s, known)
        if not some:
            return None
        q = "" if not one and rng.random() < .35 else tasks.say(rng, rng.choice(asks if one or rng.random() < .7 else ANY)).replace("{", "").replace("}", "")
    if not q and rng.random() < .5:
        text = FORMAT + skeleton(rng, some)
    else:
        text = q + "\n" + FORMAT + skeleton(rng, some)
    return text, filled(some), "record", some


# ---------------------------------------------------------------- tools

CITIES = "Munich Berlin Paris London Rome Madrid Vienna Oslo Prague Lisbon Dublin Athens Tokyo Cairo Boston Chicago Hamburg Zurich Milan Sydney".split()
PEOPLE = "Anna Ben Clara David Emma Felix Grace Henry Ida Jack Karl Laura Max Nina Oscar Paula".split()
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def thing(rng):
    """Something to copy: words, numbers, now and then letters that are no word."""
    r = rng.random()
    if r < .6:
        w = tasks.rand_word(rng)
        return w if rng.random() < .6 else w.lower()
    if r < .75:
        return tasks.rand_word(rng) + " " + rng.choice([tasks.rand_word(rng).lower(), tasks.rand_word(rng)])
    if r < .87:
        return rng.choice(CITIES + PEOPLE)
    if r < .95:
        return str(rng.randint(1, 9999))
    w = "".join(rng.choice(LETTERS) for _ in range(rng.randint(3, 8)))
    return w if rng.random() < .5 else w.capitalize()


# name: (names of the tool, its descriptions, {parameter: (names, type, optional sometimes)}, questions that take what they need from the picture,
# questions that say it: {parameter} stands for it). Parameters are those of NAMES or free texts.
INTENTS = {
    "ticket": ("openTicket openTicket openTicket createTicket fileTicket createIssue reportError reportProblem open_ticket".split(),
               ["Opens a ticket.", "Creates a ticket.", "Reports an error to the support team.", "Files an issue."],
               {"heading": "string", "errorcode": None},
               ["open a ticket.", "open a ticket for this error.", "please open a ticket for this.", "create a ticket for the error.", "report this error.",
                "report the problem.", "file a ticket.", "open a support ticket.", "create an issue for this."],
               ["open a ticket with the title {heading} and the code {errorcode}.", "open a ticket: {heading}, code {errorcode}."]),
    "pay": ("pay pay payInvoice payBill transfer makePayment".split(), ["Pays an amount.", "Pays the invoice.", "Makes a payment.", "Transfers money."],
            {"total": None}, ["pay the invoice.", "pay this.", "please pay this bill.", "pay it.", "pay the total.", "pay the bill.", "please pay the invoice."],
            ["pay {total}.", "pay {total} euros.", "please pay {total}.", "pay an amount of {total}."]),
    "press": ("press press click clickButton pressButton tap".split(), ["Presses a button.", "Clicks a button.", "Presses the button with this text."],
              {"button": "string"}, ["press the button.", "click the button.", "click on the button.", "please press the button.", "push the button.", "tap the button."],
              ["press {button}.", "click {button}.", "press the button {button}.", "click on {button}."]),
    "color": ("setColor setColor paint useColor changeColor".split(), ["Sets the color.", "Changes the color.", "Paints with a color."],
              {"color": "string"}, ["set the color to the color of the shape.", "use the color of the shape.", "set the color to that of the shape.", "set this color.",
                                    "paint with this color.", "use this color."],
              ["set the color to {color}.", "paint it {color}.", "change the color to {color}.", "make it {color}.", "use {color}."]),
    "count": ("countItems countItems saveCount reportCount setCount".split(), ["Saves how many items there are.", "Reports a count.", "Stores the number of items."],
              {"count": "integer"}, ["report the number of shapes.", "save the number of shapes.", "count the items.", "report the count.", "save the count.",
                                     "store how many shapes there are.", "report how many shapes there are."],
              ["set the count to {count}.", "save {count} items.", "report a count of {count}."]),
    "shape": ("saveShape addShape storeShape drawShape".split(), ["Saves a shape.", "Adds a shape.", "Stores a shape."],
              {"shape": "string", "color": "string"}, ["save the shape.", "add this shape.", "store the shape.", "save this shape.", "add the shape to the list."],
              ["save a {color} {shape}.", "add a {color} {shape}.", "store a {color} {shape}."]),
    "search": ("search search find lookUp searchWeb googleSearch".split(), ["Searches for a text.", "Looks a word up.", "Finds pages.", "Searches the web."],
               {"word": "string"}, ["search for the word.", "search for this word.", "look up the word in the picture.", "look this up.", "search for the text.",
                                    "find pages about this word."],
               ["search for {word}.", "look up {word}.", "find {word}.", "search the web for {word}.", "please search for {word}."]),
    "note": ("saveNote writeNote remember store addNote save".split(), ["Saves a note.", "Remembers a text.", "Stores a text."],
             {"word": "string"}, ["save the word.", "make a note of the word.", "remember the word.", "note the text.", "store the text."],
             ["make a note: {word}.", "remember {word}.", "note {word}.", "save the note {word}."]),
    "number": ("saveNumber dial callNumber setNumber".split(), ["Saves a number.", "Dials a number.", "Sets the number."],
               {"number": None}, ["save the number.", "dial the number.", "set the number.", "call this number.", "store the number."],
               ["save the number {number}.", "dial {number}.", "call {number}."]),
    "weather": ("getWeather getWeather weather forecast get_weather".split(), ["Returns the weather of a city.", "Gets the weather.", "The weather forecast.",
                                                                          "Returns the current weather."],
                {"city": "string"}, [], ["what is the weather in {city}?", "how is the weather in {city}?", "what is the weather like in {city}?",
                                         "tell me the weather in {city}.", "get the weather for {city}.", "is it raining in {city}?"]),
    "mail": ("sendMail sendEmail sendMessage notify send_mail".split(), ["Sends a mail.", "Sends a message to a person.", "Notifies a person."],
             {"person": "string"}, [], ["send a mail to {person}.", "write to {person}.", "send {person} a message.", "notify {person}."]),
    "time": ("getTime currentTime now time".split(), ["Returns the time.", "The current time.", "Tells the time."],
             {}, [], ["what time is it?", "tell me the time.", "what is the time?", "what is the current time?"]),
    "order": ("order orderItem buy addToCart".split(), ["Orders an item.", "Buys something.", "Puts an item into the cart."],
              {"item": "string", "quantity": "integer"}, [], ["order {quantity} {item}.", "buy {quantity} {item}.", "please order {quantity} of {item}."]),
    "page": ("openPage goTo navigate showPage".split(), ["Opens a page.", "Goes to a page.", "Shows a page."],
             {"page": "string"}, [], ["open the page {page}.", "go to {page}.", "show me the page {page}.", "navigate to {page}."]),
    "translate": ("translate translate translateText".split(), ["Translates a text.", "Translates into a language."],
                  {"phrase": "string", "language": "string"}, [], ["translate {phrase} to {language}.", "translate {phrase} into {language}."])}
FREE = {"city": "city city city place location town".split(), "person": "name to person recipient".split(), "item": "item product name article".split(),
        "quantity": "quantity count number amount".split(), "page": "page name title".split(), "phrase": "text phrase word".split(),
        "language": "language target lang".split()}
OWN = {"press": ["button", "button", "label", "name", "text"], "search": ["text", "text", "query", "query", "word", "term", "q"],
       "note": ["text", "note", "content", "word"], "ticket": None}
SAME = [("search", "note"), ("page", "note"), ("shape", "color"), ("note", "number")]        # tools that answer to the same words are not offered together


class Tool:
    def __init__(self, rng, intent, kinds):
        names, abouts, params, _, _ = INTENTS[intent]
        self.intent, self.name = intent, rng.choice(names)
        self.about = rng.choice(abouts) if rng.random() < .6 else None
        self.params = []                                  # (what, name, type, optional)
        some = list(params)
        if len(some) > 1 and rng.random() < .35 and intent in ("ticket", "shape"):
            some = [rng.choice(some)]
        if rng.random() < .3 and intent != "translate":
            rng.shuffle(some)
        for what in some:
            named = OWN.get(intent) or FREE.get(what) or NAMES[what]
            kind = params[what] or kinds.get(what) or "string"
            name = rng.choice(named)
            if name in [p[1] for p in self.params]:
                name = what
            self.params.append((what, name, kind, False))
        if intent == "ticket" and len(self.params) == 2 and rng.random() < .4:
            self.params = [(w, n, k, w == "errorcode") for w, n, k, _ in self.params]
            self.params.sort(key=lambda p: p[3])

    def line(self):
        return "- %s(%s)" % (self.name, ", ".join("%s%s: %s" % (n, "?" if o else "", k) for _, n, k, o in self.params)) + (": " + self.about if self.about else "")

    def example(self):
        value = {"string": '"..."', "integer": "0", "number": "0", "boolean": "true"}
        return "Action: %s\nArguments: {%s}" % (self.name, ", ".join('"%s": %s' % (n, value[k]) for _, n, k, o in self.params if not o))

    def call(self, values):
        """None where a value is missing or is no number."""
        got = []
        for what, name, kind, optional in self.params:
            v = values.get(what)
            if v is None:
                if optional:
                    continue
                return None
            if kind in ("integer", "number") and not (v.isdigit() or kind == "number" and v.replace(".", "", 1).isdigit()):
                return None
            got.append('"%s":%s' % (name, json.dumps(v) if kind == "string" else v))
        return "Action: %s\nArguments: {%s}" % (self.name, ",".join(got))


def block(tools, required=False):
    text = "You can use these tools:\n" + "".join(t.line() + "\n" for t in tools) + "Choose one action."
    if not required:
        text += " Use a tool only if the question cannot be answered from the picture and the conversation. Otherwise choose answer."
    text += " For example:\n" + tools[0].example()
    return text if required else text + "\nor:\nAction: answer\nThe answer."


def said(rng, what):
    """A value that the user's text says."""
    return {"heading": lambda: tasks.rand_word(rng), "errorcode": lambda: tasks.err_code(rng), "total": lambda: tasks.amount(rng),
            "button": lambda: tasks.rand_word(rng), "color": lambda: rng.choice(COLOR_NAMES), "shape": lambda: rng.choice(SHAPES),
            "count": lambda: str(rng.randint(1, 20)), "number": lambda: tasks.number(rng), "city": lambda: rng.choice(CITIES + UNKNOWN_PARTS["place"])
            if rng.random() < .8 else tasks.rand_word(rng), "person": lambda: rng.choice(PEOPLE), "quantity": lambda: str(rng.randint(2, 20)),
            "language": lambda: rng.choice(UNKNOWN_PARTS["language"] + ["German", "French", "English"]), "phrase": lambda: rng.choice(
                UNKNOWN_PARTS["phrase"][:6]) if rng.random() < .4 else thing(rng)}.get(what, lambda: thing(rng))()


def told(rng, intent, tool=None):
    """A question that says all it needs, and what it says."""
    q = rng.choice(INTENTS[intent][4])
    if tool:                                              # says no more and no less than the tool takes
        fit = [t for t in INTENTS[intent][4] if {w for w in INTENTS[intent][2] if "{%s}" % w in t} == {p[0] for p in tool.params}]
        if not fit:
            return None, None
        q = rng.choice(fit)
    values = {w: said(rng, w) for w in INTENTS[intent][2]}
    if q.startswith("make it") or q.startswith("use "):
        values = {w: v for w, v in values.items()}
    return dress(rng, q).format(**values), values


def dress(rng, q):
    r = rng.random()
    if r < .65:
        q = q[0].upper() + q[1:]
    if rng.random() < .3:
        q = q.rstrip("?.")
    return q


def outcome(rng, tool, values):
    """What a tool may return."""
    n, v = str(rng.randint(1, 9999)), next(iter(values.values()), "ok")
    r = rng.random()
    if r < .25:
        return rng.choice(["Success", "Done", "OK", "ok", "Done.", "true", n, "Accepted", "Saved."])
    if r < .6:
        own = {"ticket": [f"Ticket {n}", f"Ticket {n} opened", f"Ticket {n} was opened.", f"TICKET-{n}", f"opened {n}"], "pay": [f"Paid {v}", f"{v} paid.", f"Payment {n}"],
               "press": [f"Pressed {v}", f"{v} was pressed.", "The page opens."], "color": [f"The color is {v}.", f"color set to {v}"],
               "count": [f"{v} items", f"Saved {v} items."], "weather": [f"{rng.randint(1, 39)} degrees", "sunny", "rainy", f"{rng.randint(1, 39)} degrees and sunny",
               f"It is sunny in {v}.", f"The weather in {v} is rainy.", "cloudy"], "time": [f"{rng.randint(10, 23)}:{rng.randint(10, 59)}", f"It is {rng.randint(1, 12)} o'clock."],
               "mail": [f"Mail sent to {v}.", "sent"], "order": [f"Order {n}", f"Ordered {v}."], "search": [f"{n} results", f"{v}: {thing(rng)}", "nothing found"]}
        return rng.choice(own.get(tool.intent, [f"{v} saved", f"Saved {v}.", f"Stored as {n}"]))
    return " ".join(thing(rng) for _ in range(rng.choice([1, 1, 2, 3]))) + rng.choice(["", "", "."])


LAST = "\nIf the results answer the question, choose answer."


def tool_sample(rng, s, n, held_out):
    """(system text, tools, groups): conversations about the scene s, or none, with tools."""
    kinds = {"errorcode": rng.choice(["string", "string", "integer"]), "total": rng.choice(["number", "number", "integer", "string"]), "number": rng.choice(["integer", "string"])}
    if s:
        for w, k in (("errorcode", "integer"), ("total", "integer")):
            if w in s.facts and not s.facts[w].isdigit() and kinds[w] == k:
                kinds[w] = "number" if w == "total" else "string"
    facts = dict(s.facts) if s else {}
    if "color" not in facts and "buttoncolor" in facts:
        facts.pop("buttoncolor")
    fits = [i for i in INTENTS if INTENTS[i][3] and set(INTENTS[i][2]) & set(facts)] if s else []
    chosen = []
    while len(chosen) < rng.choice([1, 2, 2, 3, 3, 4]):
        i = rng.choice(fits) if fits and not chosen and rng.random() < .85 else rng.choice(list(INTENTS))
        if i not in chosen and not any({i, c} in map(set, SAME) for c in chosen):
            chosen.append(i)
    tools = [Tool(rng, i, kinds) for i in chosen]
    rng.shuffle(tools)
    required = rng.random() < .08
    system = block(tools, required)
    if rng.random() < .15:
        system = rng.choice(SYSTEMS) + "\n\n" + system

    def call():
        for _ in range(20):
            t = rng.choice(tools)
            asks = INTENTS[t.intent][3]
            if s and asks and rng.random() < .75 and set(p[0] for p in t.params if not p[3]) <= set(facts):
                q, values = dress(rng, rng.choice(asks)), {p[0]: facts.get(p[0]) for p in t.params}
            else:
                q, values = told(rng, t.intent, t)
            if q and (c := t.call(values)):
                values = {k: v for k, v in values.items() if v}
                if t.intent in ("weather", "search") and rng.random() < .06 and " and " not in q:
                    w = t.params[0][0]
                    if "{%s}" % w and values.get(w) and values[w] in q:
                        other = said(rng, w)
                        if other != values[w]:
                            return t, q.replace(values[w], values[w] + " and " + (("in " if rng.random() < .5 else "") if w == "city" else "") + other, 1), \
                                c + "\n" + t.call({w: other}), [values, {w: other}]
                return t, q, c, [values]
        return None

    def answer():
        r = rng.random()
        missing = [i for i in INTENTS if i not in chosen and not any({i, c} in map(set, SAME) for c in chosen)]
        plain = s.plain() if s else []
        if plain and r < .7:
            q, a, _ = rng.choice(plain)
        elif r < .85:
            i = rng.choice([i for i in missing if i not in ("shape", "count")])
            asks = INTENTS[i][3]
            q, a = dress(rng, rng.choice(asks)) if s and asks and rng.random() < .5 else told(rng, i)[0], tasks.IDK
        elif r < .95:
            for _ in range(20):
                q, a, _ = tasks.unknown_q(rng, held_out)
                if not any(w in q.lower() for w in ("weather", "time", "translate", "write", "rain", "buy")):
                    break
        else:
            q, a, _ = tasks.chat_q(rng)
        return q, "Action: answer\n" + a
    groups = []
    for _ in range(n):
        got = call() if required or rng.random() < .5 else None
        if not got:
            if required:
                continue
            g = [(*answer(), "answer")]
            if rng.random() < .2:
                g.append((*answer(), "answer"))
            groups.append(g)
            continue
        t, q, c, values = got
        g = [(q, c, "call")]
        if rng.random() < .55 and not required:          # who must call never answers
            outs = [outcome(rng, t, v) for v in values]
            bad = rng.random() < .1
            text = "\n".join(f"{'Error' if bad else 'Result'} of {t.name}: {o}" for o in outs)
            g.append((text + LAST, "Action: answer\n" + "\n".join(outs), "result"))
            if rng.random() < .2:
                g.append((*answer(), "answer"))
        groups.append(g)
    return system, tools, groups


# ---------------------------------------------------------------- a picture in a later turn

def later_sample(rng, scene, n):
    """(earlier turns [(pictures, question, answer)], pictures of the last turn, groups)."""
    scenes = [scene("later") for _ in range(3 if rng.random() < .12 else 2)]
    if any(s is scenes[-1] for s in scenes[:-1]) or not all(s.plain() for s in scenes):
        return None
    earlier = []
    for s in scenes[:-1]:
        q, a, _ = rng.choice(s.plain())
        earlier.append(([s.pic], q, a))
    last, pics = scenes[-1], [scenes[-1].pic]
    if len(scenes) == 2 and rng.random() < .25:             # one more turn between, which has no picture of its own
        q, a, _ = rng.choice(last.plain())
        earlier.append((pics, q, a))
        pics = []
    out = []
    if len(scenes) == 2:
        P = rng.choice(["picture", "image"])
        for o, s in zip(("first", "second"), scenes):
            if len(s.objs) == 1:
                x = s.objs[0]
                out.append((tasks.say(rng, rng.choice(["what color is the shape in the {} {}?", "which color does the {} {} show?"]).format(o, P)), x.color, "two"))
                out.append((tasks.say(rng, rng.choice(["what shape is in the {} {}?", "which shape does the {} {} show?", "what is in the {} {}?"]).format(o, P)), x.kind, "two"))
            elif s.objs:
                out.append((tasks.say(rng, rng.choice(["how many shapes are in the {} {}?", "how many shapes does the {} {} show?"]).format(o, P)), str(len(s.objs)), "two"))
            elif s.kind == "words" and len(s.facts) == 1:
                k, v = next(iter(s.facts.items()))
                out.append((tasks.say(rng, rng.choice([f"what {k} is in the {{}} {{}}?", f"which {k} does the {{}} {{}} show?"]).format(o, P)), v, "two"))
        rng.shuffle(out)
        out = out[:3]
    fresh = [(q, a, "later") for q, a, f in last.plain()]
    rng.shuffle(fresh)
    groups, own = [], fresh[:max(1, n - len(out))]
    while own:
        k = 1 if rng.random() < .75 else 2
        groups.append(own[:k])
        own = own[k:]
    if rng.random() < .3 and (r := record(rng, last)):
        groups.append([r[:3]])
    return earlier, pics, groups + [[(q, a, "later")] for q, a, _ in out]


# ---------------------------------------------------------------- samples

def new_scene(rng, kw, lo, use):
    """Later pictures are mostly small ones: their rows hold two."""
    kind = rng.choices(["shapes", "words", "screens"], [60, 22, 18] if use == "later" else [34, 22, 44])[0]
    small = kind != "screens" and rng.random() < (.6 if use == "later" else .4)
    return Scene(rng, kw, lo, kind, (rng.uniform(60, 96), rng.uniform(60, 96)) if small else None)


def make(rng, lo=12, mix=(40, 44, 16), held_out=False, held_out_fonts=False, ngroups=8, kw={}, kept=None):
    """As tasks.make: records, tools, later pictures, in these shares. kept: (uses, most, {use: [Scene]}), scenes to ask anew about."""
    kw = {"held_out_fonts": held_out_fonts, **kw}

    def scene(use):
        if not kept:
            return new_scene(rng, kw, lo, use)
        uses, most, pool = kept[0], kept[1], kept[2].setdefault(use, [])
        if len(pool) > 50 and rng.random() > 1 / uses:
            return rng.choice(pool)
        s = new_scene(rng, kw, lo, use)
        if len(pool) < most:
            pool.append(s)
        else:
            pool[rng.randrange(most)] = s
        return s
    kind = rng.choices(["records", "tools", "later"], mix)[0]
    s = tasks.Sample()
    s.system = None
    if kind == "later":
        while not (got := later_sample(rng, scene, ngroups)):
            pass
        s.earlier, s.pics, s.groups = got
    elif kind == "tools":
        about = scene("one") if rng.random() < .7 else None
        s.system, s.tools, s.groups = tool_sample(rng, about, ngroups, held_out)
        s.pics = [about.pic] if about else []
    else:
        about = scene("one")
        s.pics, s.groups = [about.pic], []
        s.system = rng.choice(SYSTEMS) if rng.random() < .04 else None
        for _ in range(ngroups):
            if r := record(rng, about):
                first = [rng.choice(about.plain())] if about.plain() and rng.random() < .12 else []
                s.groups.append(first + [r[:3]])
    return s
