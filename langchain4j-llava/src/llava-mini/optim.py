"""Muon (orthogonalised momentum) for the matrices of the blocks and the projector, AdamW for all else, a low rate for the two tables."""
import os
import time
import torch
import torch.distributed as dist

TABLES = ("language_model.model.embed_tokens.weight", "language_model.lm_head.weight")
TABLE_RATE = 1e-4       # their entries are small (std 0.07): at AdamW's other rate a step is 2 % of them, and nothing is ever exact


def orthogonal(G, steps=4):
    X = G / (G.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    t = X.size(-2) > X.size(-1)
    if t:
        X = X.mT
    for _ in range(steps):
        A = X @ X.mT
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * (A @ A)) @ X
    return X.mT if t else X


def shared_orthogonal(G):
    """The processes of a run do a part of the matrices each."""
    n = dist.get_world_size() if dist.is_initialized() else 1
    if n == 1:
        return orthogonal(G)
    k = -(-len(G) // n)
    full = torch.cat([G, G[:1].expand(k * n - len(G), -1, -1)])  # fills up the last part
    parts = [torch.empty_like(full[:k]) for _ in range(n)]
    dist.all_gather(parts, orthogonal(full[dist.get_rank() * k:][:k].contiguous()))
    return torch.cat(parts)[:len(G)]


class Muon(torch.optim.Optimizer):
    def __init__(self, params, lr, momentum=.95, weight_decay=.02):
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            shapes = {}
            for p in g["params"]:
                if p.grad is not None:
                    shapes.setdefault(p.shape, []).append(p)
            for (r, c), ps in shapes.items():                    # matrices of equal shape are stepped together
                for p in ps:
                    if "m" not in self.state[p]:
                        self.state[p]["m"] = torch.zeros_like(p)
                ms, gs = [self.state[p]["m"] for p in ps], [p.grad for p in ps]
                torch._foreach_lerp_(ms, gs, 1 - g["momentum"])
                u = shared_orthogonal(torch.stack(torch._foreach_lerp(gs, ms, g["momentum"])))
                torch._foreach_mul_(ps, 1 - g["lr"] * g["weight_decay"])
                torch._foreach_sub_(ps, list((u * (max(1, r / c) ** .5 * g["lr"])).unbind(0)))


def optimizers(model, parts, lr, muon):
    """The parameters whose names begin with one of `parts`, and their optimisers; muon: {beginning of the name: rate}."""
    named = [(n, p) for n, p in model.named_parameters() if n.startswith(tuple(parts))]
    mats = {k: [p for n, p in named if n.startswith(k) and (".layers." in n or "projector" in n) and p.dim() == 2] for k in muon}
    used = {id(p) for ps in mats.values() for p in ps}
    tables = [p for n, p in named if n in TABLES]
    rest = [p for n, p in named if id(p) not in used and n not in TABLES]
    adam = dict(betas=(.9, .98), fused=True)
    opts = [torch.optim.AdamW(rest, lr=lr, weight_decay=.01, **adam)]
    if tables:
        opts.append(torch.optim.AdamW(tables, lr=min(lr / 6, TABLE_RATE), weight_decay=0, **adam))
    opts += [Muon(ps, muon[k]) for k, ps in mats.items()]
    for o in opts:
        for g in o.param_groups:
            g["full"] = g["lr"]
    return [p for _, p in named], opts


def schedule(opts, step, done, decay):
    """Warms up over 60 steps; falls over the last `decay` of the run."""
    f = min(1., (step + 1) / 60) * max(.02, min(1., (1 - done) / decay))
    for o in opts:
        for g in o.param_groups:
            g["lr"] = g["full"] * f


def step(params, opts, clip):
    n = dist.get_world_size() if dist.is_initialized() else 1
    if n > 1:                                    # the mean of all processes; who has no gradient (no picture in its part) counts as zero
        flat = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).reshape(-1) for p in params])
        dist.all_reduce(flat)
        for p, g in zip(params, (flat / n).split([p.numel() for p in params])):
            p.grad = g.view_as(p)
    torch.nn.utils.clip_grad_norm_(params, clip)
    for o in opts:
        o.step()
        o.zero_grad(set_to_none=True)


def processes(learn, a, out):
    """Calls learn(rank, a, meet) in a.processes processes, which find each other by a file beside `out`."""
    torch.multiprocessing.spawn(learn, (a, f"file://{os.path.abspath(out)}.meet-{time.time()}"), a.processes)


def done(since, minutes):
    """The share of the minutes that is over; the processes of a run agree on it."""
    share = torch.tensor((time.time() - since) / 60 / minutes, dtype=torch.float64)
    if dist.is_initialized() and dist.get_world_size() > 1:
        dist.broadcast(share, 0)
    return share.item()


class Average:
    """The running average of the weights, which is what is exported; `with average:` puts it into the model for a while."""

    def __init__(self, model):
        self.model = model
        self.w = {n: p.detach().clone() for n, p in model.named_parameters()}

    def update(self, rate):
        torch._foreach_lerp_(list(self.w.values()), [p.detach() for p in self.model.parameters()], rate)

    def state(self):
        return self.w

    @torch.no_grad()
    def swap(self):
        for n, p in self.model.named_parameters():
            t = p.detach().clone()
            p.copy_(self.w[n])
            self.w[n].copy_(t)

    def __enter__(self):
        self.swap()

    def __exit__(self, *_):
        self.swap()


def save(path, state):
    torch.save(state, path + ".tmp")
    os.replace(path + ".tmp", path)
