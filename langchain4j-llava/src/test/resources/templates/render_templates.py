"""Renders chat templates with transformers 5.18 and writes rendered.json, the test data of JinjaTemplateTest.

usage: render_templates.py OUT.json      (needs transformers and jinja2)
The sources of the templates that it does not make itself are taken from the file that is there.
"""
import json, sys
from transformers.utils.chat_template_utils import render_jinja_template
from pathlib import Path
HERE = Path(__file__).resolve().parent
T = dict(json.loads((HERE / 'rendered.json').read_text())['templates'])
for n in ('next-vicuna', 'next-mistral', 'llava15'):
    T[n] = json.loads((HERE.parent / f'goldens/{n}/model/chat_template.json').read_text())['chat_template']
T['generation'] = ("{% for message in messages %}{% if message['role'] != 'system' %}{{ message['role'].upper() + ': '}}{% endif %}"
  "{# Render all images first #}{% for content in message['content'] | selectattr('type', 'equalto', 'image') %}{{ '<image>\\n' }}{% endfor %}"
  "{# Render all text next #}{% if message['role'] != 'assistant' %}{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}{{ content['text'] + ' '}}{% endfor %}"
  "{% else %}{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}{% generation %}{{ content['text'] + ' '}}{% endgeneration %}{% endfor %}{% endif %}{% endfor %}"
  "{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}")
T['chatml_parts'] = ("{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n'}}{% for content in message['content'] | selectattr('type', 'equalto', 'image') %}{{ '<image>\\n' }}{% endfor %}"
  "{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}{{ content['text'] }}{% endfor %}{{'<|im_end|>'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}")
T['lines'] = """{%- set ns = namespace(first=true, count=0) %}
{% for message in messages %}
    {# a comment on a line of its own #}
    {% if message.role == "system" %}
<system>{{ message.content[0].text | trim }}</system>
    {% elif message.role == "user" and not loop.first or message.role == "user" %}
        {%- set ns.count = ns.count + 1 %}
  {%+ if ns.first %}first {% endif %}USER {{ ns.count }}:
        {%- for part in message.content %}
            {%- if part.type == 'image' -%}
              <image>
            {%- elif part.type == "text" %}
 {{ part.text }}
            {%- endif %}
        {%- endfor %}

        {%- set ns.first = false %}
    {% else %}
ASSISTANT: {{ message.content | map(attribute='text') | join(' ') }}{{ eos_token }}
    {% endif %}
{% endfor %}
{{- 'ASSISTANT: ' if add_generation_prompt else '' }}
"""
T['macro'] = """{% macro body(content, sep='\\n') -%}
{%- if content is string %}{{ content }}{% else -%}
{%- for c in content -%}
{%- if c.type == 'image' or 'image' in c or 'image_url' in c %}<image>{{ sep }}{% elif 'text' in c %}{{ c.text }}{% endif -%}
{%- endfor -%}{%- endif -%}
{%- endmacro -%}
{{ bos_token }}{% if messages[0]['role'] == 'system' %}{% set system = body(messages[0]['content']) %}{% set rest = messages[1:] %}{% else %}{% set system = 'Default.' %}{% set rest = messages %}{% endif -%}
{{ system ~ '\\n\\n' }}{% for m in rest %}{{ ['[', m.role[0] | upper, ']'] | join }} {{ body(m.content, sep=' ') }}{% if not loop.last %}|{{ loop.index0 + 1 }}/{{ loop.length }}|{% endif %}
{% endfor %}{% if add_generation_prompt and rest[-1].role != 'assistant' %}[A]{% endif %}"""
T['llama2_text'] = ("{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}"
  "{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
  "{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}"
  "{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}")
T['mistral_text'] = ("{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
  "{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token }}{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}")
T['vicuna_text'] = ("{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% for message in messages %}{% if message['role'] == 'system' %}{{message['content'] + ' '}}{% elif message['role'] == 'user' %}{{ 'USER: ' + message['content'] + ' '}}{% elif message['role'] == 'assistant' %}{{ 'ASSISTANT: ' + message['content'] + eos_token }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ 'ASSISTANT: ' }}{% endif %}")
T['alpaca_text'] = """{{ (messages|selectattr('role', 'equalto', 'system')|list|last).content|trim if (messages|selectattr('role', 'equalto', 'system')|list) else '' }}

{% for message in messages %}
{% if message['role'] == 'user' %}
### Instruction:
{{ message['content']|trim -}}
{% if not loop.last %}


{% endif %}
{% elif message['role'] == 'assistant' %}
### Response:
{{ message['content']|trim -}}
{% if not loop.last %}


{% endif %}
{% endif %}
{% endfor %}
{% if add_generation_prompt and messages[-1]['role'] != 'assistant' %}
### Response:
{% endif %}"""
T['mixed'] = ("{% for m in messages %}{% if m.role == 'system' %}S: {{ m.content }}\n{% elif m.role == 'assistant' %}A: {{ m.content }}\n{% else %}U: {% for c in m.content %}{{ '<image>' if c.type == 'image' else c.text }}{% endfor %}\n{% endif %}{% endfor %}A:")

def user(*c): return ('user', list(c))
I = None
CONV = {
 'question': [user(I, 'What is it?')],
 'text_first': [user('Describe:', I)],
 'two_pictures': [user(I, 'and', I, ' compare  ')],
 'multi': [user(I, 'What is it?'), ('assistant', ['A red house.']), user('How tall?\n')],
 'system': [('system', ['Be brief.']), user(I, 'Count them.')],
 'system_multi': [('system', [' Be brief. ']), user('Hi <|im_end|></s>'), ('assistant', ['Yes {{ 1 }}']), user(I, I, 'Ünïcode 漢字 😀')],
 'text_only': [user('Hello')],
}
SPECIAL = {'bos_token': '<s>', 'eos_token': '</s>', 'unk_token': '<unk>'}
def parts(c): return [{'type': 'image'} if x is None else {'type': 'text', 'text': x} for x in c]
def text(c):
    pics = [x for x in c if x is None]; texts = [x for x in c if x is not None]
    out = '<image>\n' * len(pics)
    for i, t in enumerate(texts):
        if i and not texts[i-1][-1:].isspace() and texts[i-1]: out += ' '
        out += t
    return out
FORM = {n: ('text',) * 3 for n in T if n.endswith('_text')}
FORM['mixed'] = ('parts', 'text', 'text')
cases = []
for name, source in T.items():
    fu, fa, fs = FORM.get(name, ('parts',) * 3)
    for cid, conv in CONV.items():
        msgs = []
        for role, c in conv:
            f = {'user': fu, 'assistant': fa, 'system': fs}[role]
            msgs.append({'role': role, 'content': parts(c) if f == 'parts' else text(c)})
        try:
            got = render_jinja_template([msgs], chat_template=source, add_generation_prompt=True, **SPECIAL)[0][0]
        except Exception as e:
            got = None
        cases.append({'template': name, 'conversation': cid, 'text': got})
conv = {k: [{'role': r, 'content': parts(c)} for r, c in v] for k, v in CONV.items()}
json.dump({'templates': T, 'conversations': conv, 'cases': cases}, open(sys.argv[1], 'w'), indent=1, ensure_ascii=False)
