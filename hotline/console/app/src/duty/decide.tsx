// Swaps: those that wait for a supervisor's word, and how the others stand.
import { useSignal } from '@preact/signals';
import { ask, attempt, line, name, useAnswer } from './ask.ts';
import { Card, Fault, Lines, Pending, tier, when, YoursOf } from './parts.tsx';
import type { Swap } from './types.ts';
import { words } from './words.ts';

export function DecidePage() {
  const w = words.value.swap, list = useAnswer('swap.list', { line: line.value }), fault = useSignal('');
  if (!list.value) return <Pending fault={list.fault} again={list.again} />;
  const taken = list.value.swaps.filter((s) => s.state === 'taken'), others = list.value.swaps.filter((s) => s.state !== 'taken');
  async function decide(s: Swap, approve: boolean) {
    await attempt(fault, () => ask('swap.decide', { swap: s.id, approve }));
    list.again();
  }
  const what = (s: Swap) => <span><b>{s.by ? w.gives(name(s.from), name(s.by)) : w.asks(name(s.from))}</b><small>{when(s.shift)} · {tier(s.shift.tier)} · {w.states[s.state]}</small><YoursOf shift={s.shift} />{s.note && <small dir="auto">“{s.note}”</small>}</span>;
  return (
    <div class="column">
      <Lines />
      <Card title={w.decide}>
        <Fault text={fault.value} />
        {taken.length === 0 && <p class="soft">{w.decideNone}</p>}
        <ul class="plain rows">
          {taken.map((s) => (
            <li key={s.id}>{what(s)}<span class="buttons"><button class="small" onClick={() => void decide(s, false)}>{w.refuse}</button><button class="small main" onClick={() => void decide(s, true)}>{w.approve}</button></span></li>
          ))}
        </ul>
      </Card>
      <Card title={w.others}>
        {others.length === 0 && <p class="soft">{w.none}</p>}
        <ul class="plain rows">{others.map((s) => <li key={s.id}>{what(s)}</li>)}</ul>
      </Card>
    </div>
  );
}
