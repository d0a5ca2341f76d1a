import asyncio, random, time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from tests.handlers.test_delivery import *
from tests.handlers.test_delivery import _began
async def test_stress(world):
    for chat in range(1, 101): await world.owe(chat, 5)
    f=world.sandbox.faults
    f.add("refuse","sendMessage",code=429,retry_after=2,probability=.1)
    for act in ("error","gateway","drop","lose"): f.add(act,"sendMessage",probability=.05)
    rng=random.Random(3); t=time.perf_counter(); kills=0
    k=0
    while True:
        d=world.delivery(str(k),alone=True); k+=1
        run=asyncio.create_task(d.run())
        idle=asyncio.create_task(d.idle(but_paused=True))
        done,_=await asyncio.wait({idle},timeout=rng.uniform(.05,.6))
        if not done:
            run.cancel(); kills+=1
            with suppress(asyncio.CancelledError): await run
            with suppress(asyncio.CancelledError): await idle
            continue
        await d.stop(); await run
        st=Counter(await world.states())
        if not st["owed"]: break
        world.machine_now+=timedelta(seconds=2)
    print(st, "kills",kills,"rounds",k, "sends",len(world.sends), time.perf_counter()-t, {a.act:a.hits for a in f.switched})
    texts=Counter(t for c in range(1,101) for t in world.got(c))
    print("missing",500-len(texts),"copies",sum(texts.values())-500)
    assert len(texts)==500
async def test_speed(world):
    for chat in range(1, 1001): await world.owe(chat, 1)
    async with world.delivering() as d:
        t=time.perf_counter(); await d.idle(); print("1000 in", time.perf_counter()-t)
