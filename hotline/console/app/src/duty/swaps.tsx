// Swaps: asking for one, and those that she may take.
import { useSignal } from '@preact/signals';
import { Dialog, shut } from '../components/dialog.tsx';
import { words as all } from '../i18n/words.ts';
import { me } from '../state.ts';
import { news, say } from '../view.ts';
import { ask, attempt, name } from './ask.ts';
import { Card, Fault, Findings, People, tier, when, YoursOf } from './parts.tsx';
import type { Finding, Shift, Swap } from './types.ts';
import { words } from './words.ts';

export function AskSwap({ shift }: { shift: Shift }) {
  const w = words.value.swap, to = useSignal(''), note = useSignal(''), fault = useSignal('');
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    const args = { shift: shift.id, ...(to.value ? { to: to.value } : {}), ...(note.value.trim() ? { note: note.value.trim() } : {}) };
    if (!await attempt(fault, () => ask('swap.ask', args))) return;
    news.value++;
    shut();
  }
  return (
    <Dialog title={w.title}>
      <form onSubmit={submit}>
        <p>{when(shift)} · {tier(shift.tier)} <YoursOf shift={shift} /></p>
        <p class="soft">{w.until}</p>
        <People id="swap-to" label={w.to} none={w.anyone} value={to.value} without={[me.value?.id ?? '']} set={(u) => { to.value = u; }} />
        <p class="field"><label for="swap-note">{w.note}</label><input id="swap-note" maxLength={200} dir="auto" value={note.value} onInput={(e) => { note.value = e.currentTarget.value; }} /></p>
        <Fault text={fault.value} />
        <p class="right buttons"><button type="button" onClick={shut}>{all.value.cancel}</button><button class="main">{w.submit}</button></p>
      </form>
    </Dialog>
  );
}

/** Her own swaps, and those of others that she may take. */
export function Swaps({ list, zone, again }: { list: Swap[]; zone: string; again(): void }) {
  const w = words.value.swap, id = me.value?.id, fault = useSignal(''), warned = useSignal<Finding[]>([]);
  const open = list.filter((s) => s.state === 'open' || s.state === 'taken');
  async function take(s: Swap) {
    const done = await attempt(fault, async () => { warned.value = (await ask('swap.take', { swap: s.id })).findings; });
    if (done) say(w.taken);
    again();
  }
  async function withdraw(s: Swap) {
    await attempt(fault, () => ask('swap.withdraw', { swap: s.id }));
    again();
  }
  if (open.length === 0 && !fault.value && warned.value.length === 0) return null;
  return (
    <Card title={w.open} id="swaps">
      <Fault text={fault.value} />
      {warned.value.length > 0 && <Findings list={warned.value} zone={zone} />}
      <ul class="plain rows">
        {open.map((s) => {
          const yours = s.from === id, title = yours ? w.yours : s.to === id ? w.asksYou(name(s.from)) : w.asks(name(s.from));
          return (
            <li key={s.id}>
              <span><b>{title}</b><small>{when(s.shift)} · {tier(s.shift.tier)}{s.by && ` · ${w.takes(name(s.by))}`} · {w.states[s.state]}</small><YoursOf shift={s.shift} />{s.note && <small dir="auto">“{s.note}”</small>}</span>
              {yours ? <button class="small" onClick={() => void withdraw(s)}>{w.withdraw}</button>
                : s.state === 'open' && <button class="small" onClick={() => void take(s)}>{w.take}</button>}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
