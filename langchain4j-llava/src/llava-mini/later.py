"""Conversations with a second picture in a later turn, answered greedily by transformers: writes the test set `later`."""
import json, random, torch
from pathlib import Path
from PIL import Image
from transformers import AutoProcessor, LlavaNextForConditionalGeneration
ROOT = Path(__file__).resolve().parents[2]
M = ROOT / 'src/llava-mini/resources/io/github/llava4j/llava-mini'
H = ROOT / 'src/test/resources/llava-mini/heldout'
torch.set_num_threads(1)
proc = AutoProcessor.from_pretrained(M)
model = LlavaNextForConditionalGeneration.from_pretrained(M, dtype=torch.float32, attn_implementation='eager').eval()
qs=[json.loads(l) for l in (H/'questions.jsonl').read_text().splitlines()]
one=[q for q in qs if len(q['images'])==1 and len(q['turns'])==1 and q['family'] in ('colour','shape','count','number','word','position')]
rng=random.Random(7); out=[]; right=0
while len(out)<24:
    a,b=rng.sample(one,2)
    if a['images']==b['images'] or a['answers']==b['answers']: continue
    conv=[{'role':'user','content':[{'type':'image'},{'type':'text','text':a['turns'][0]}]},{'role':'assistant','content':[{'type':'text','text':a['answers'][0]}]},
          {'role':'user','content':[{'type':'image'},{'type':'text','text':b['turns'][0]}]}]
    prompt=proc.apply_chat_template(conv, add_generation_prompt=True)
    pics=[Image.open(H/x['images'][0]).convert('RGB') for x in (a,b)]
    inp=proc(text=prompt, images=pics, return_tensors='pt')
    with torch.no_grad(): ids=model.generate(**inp, do_sample=False, max_new_tokens=140)[0][inp['input_ids'].shape[1]:].tolist()
    got=proc.tokenizer.decode(ids, skip_special_tokens=True).strip()
    right+= got==b['answers'][0]
    out.append({'family':'later','images':['../heldout/'+a['images'][0],'../heldout/'+b['images'][0]],'turns':[a['turns'][0],b['turns'][0]],'answers':[a['answers'][0],b['answers'][0]],'prompt':prompt,'greedy_ids':ids,'got':got})
(ROOT / 'src/test/resources/llava-mini/later/questions.jsonl').write_text(''.join(json.dumps(o)+'\n' for o in out))
print(right,'of',len(out))
