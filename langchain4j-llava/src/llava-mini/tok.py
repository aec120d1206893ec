"""The SentencePiece vocabulary and its Hugging Face form (tokenizer.model, tokenizer.json)."""
import io
import json
import random
import string
import sentencepiece as spm

PIECES = 2496               # SentencePiece pieces; <image> follows, and the table is padded to a multiple of 64
IMAGE = PIECES
VOCAB = 2560
MAX_LEN = 2048
TEMPLATE = ("{% for message in messages %}{% if message['role'] == 'system' %}{{ message['content'][0]['text'] + ' ' }}"
            "{% else %}{{ message['role'].upper() + ': ' }}{% endif %}{# Render all images first #}"
            "{% for content in message['content'] | selectattr('type', 'equalto', 'image') %}{{ '<image>\n' }}{% endfor %}"
            "{# Render all text next #}{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}"
            "{% if message['role'] != 'system' %}{{ content['text'] + ' ' }}{% endif %}{% endfor %}{% endfor %}"
            "{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}")


def corpus(n=3500):
    """Questions and answers. The words of the list become one piece each: to read one is one step."""
    import tasks
    from words import WORDS
    for _ in range(60):                             # every printable character is a piece, so are letters and digits that begin a word
        yield " ".join(string.printable[:94])
    for w in WORDS:
        for form in (w, w.upper()):
            yield "USER: does it say " + form + "? ASSISTANT: no"
            for _ in range(60):
                yield form
                yield '{"text":"' + form + '"}'
    for i in range(n):
        rng = random.Random("corpus%d" % i)
        for group in tasks.make(rng, mix=[40, 10, 20, 10, 14, 0]).groups:
            for q, a, f in group:
                yield "USER: " + q + " ASSISTANT:"
                yield a


def train(path):
    model = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=corpus(), model_writer=model, model_type="bpe", vocab_size=PIECES, byte_fallback=True, split_digits=True,
        normalization_rule_name="identity", add_dummy_prefix=True, remove_extra_whitespaces=False, character_coverage=1.0,
        split_by_unicode_script=False, required_chars=string.printable[:94], unk_id=0, bos_id=1, eos_id=2, pad_id=-1,
        max_sentence_length=10000, minloglevel=2, num_threads=1)
    with open(path, "wb") as f:
        f.write(model.getvalue())


def write_hf(model_path, folder):
    """tokenizer.json, tokenizer_config.json and so on, as transformers' converter writes them for a Llama tokenizer."""
    sp = spm.SentencePieceProcessor(model_file=model_path)
    vocab = {sp.id_to_piece(i): i for i in range(sp.get_piece_size())}
    merges = []
    for piece, pid in vocab.items():
        here = [(piece[:i], piece[i:]) for i in range(1, len(piece)) if piece[:i] in vocab and piece[i:] in vocab]
        merges += [(sp.get_score(pid), -1, a, b) for a, b in sorted(here, key=lambda m: (vocab[m[0]], vocab[m[1]]))]
    merges = [[a, b] for _, _, a, b in sorted(merges, key=lambda m: m[0], reverse=True)]
    special = lambda i, c: {"id": i, "content": c, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    names = [(0, "<unk>"), (1, "<s>"), (2, "</s>"), (IMAGE, "<image>")]
    seq = lambda k, t: {"Sequence": {"id": k, "type_id": t}}
    bos = lambda t: {"SpecialToken": {"id": "<s>", "type_id": t}}
    tj = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [special(*n) for n in names], "normalizer": None,
          "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False},
          "post_processor": {"type": "TemplateProcessing", "single": [bos(0), seq("A", 0)], "pair": [bos(0), seq("A", 0), bos(1), seq("B", 1)],
                             "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
          "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
                                                       {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
          "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None,
                    "fuse_unk": True, "byte_fallback": True, "ignore_merges": False, "vocab": vocab, "merges": merges}}
    plain = lambda c: {"content": c, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False}
    tc = {"add_bos_token": True, "add_eos_token": False,
          "added_tokens_decoder": {str(i): {**plain(c), "special": True} for i, c in names},
          "bos_token": "<s>", "chat_template": TEMPLATE, "clean_up_tokenization_spaces": False, "eos_token": "</s>", "legacy": False,
          "model_max_length": MAX_LEN, "pad_token": "<unk>", "padding_side": "left", "processor_class": "LlavaNextProcessor",
          "sp_model_kwargs": {}, "tokenizer_class": "LlamaTokenizer", "unk_token": "<unk>", "use_default_system_prompt": False}

    def dump(name, o):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as f:
            json.dump(o, f, indent=2, ensure_ascii=False)
            f.write("\n")
    dump("tokenizer.json", tj)
    dump("tokenizer_config.json", tc)
    dump("chat_template.json", {"chat_template": TEMPLATE})
    dump("added_tokens.json", {"<image>": IMAGE})
    dump("special_tokens_map.json", {k: plain(v) for k, v in (("bos_token", "<s>"), ("eos_token", "</s>"), ("pad_token", "<unk>"), ("unk_token", "<unk>"))})
    import shutil
    import os
    if os.path.abspath(model_path) != os.path.abspath(f"{folder}/tokenizer.model"):
        shutil.copy(model_path, f"{folder}/tokenizer.model")


class Tok:
    """Ids for training, by the tokenizer.json that ships (so training and inference cannot differ)."""

    def __init__(self, folder):
        from tokenizers import Tokenizer
        self.t = Tokenizer.from_file(f"{folder}/tokenizer.json")

    def ids(self, text):
        return self.t.encode(text, add_special_tokens=False).ids

    def after_image(self, text):
        """Ids of a text that follows <image>."""
        i = self.ids("<image>" + text)
        return i[i.index(IMAGE) + 1:]

    def after_text(self, text):
        """Ids of a text (starting with a space) that follows 'USER:'."""
        return self.ids("USER:" + text)[len(self.user):]

    @property
    def user(self):
        return self.ids("USER:")

    def decode(self, ids):
        return self.t.decode(ids)
