// What somebody can and cannot in the coming weeks, and the shifts that are open to whoever takes them.
import { useSignal } from '@preact/signals';
import { say } from '../view.ts';
import { ask, attempt, now, stamp, useAnswer, useZone } from './ask.ts';
import { Card, Fault, Findings, Pending, tier, when, YoursOf } from './parts.tsx';
import type { Finding, Shift, Will, Wish } from './types.ts';
import { Wills, wills } from './wills.tsx';
import { words } from './words.ts';
import { bounds, instant, longDay, minutes, plus, reading, stretch, today } from './zone.ts';

const weeks = 6;
/** So many open shifts stand before she asks for all: her wishes are to be seen without scrolling far. */
const few = 5;

export function WishesPage() {
  const mine = useAnswer('duty.mine', {}), zone = useZone();
  if (!mine.value) return <Pending fault={mine.fault} again={mine.again} />;
  return (
    <div class="column">
      <Open shifts={mine.value.open} zone={zone} again={mine.again} />
      <Days wishes={mine.value.wishes} zone={zone} again={mine.again} />
      <Range zone={zone} again={mine.again} />
      <List wishes={mine.value.wishes} zone={zone} again={mine.again} />
    </div>
  );
}

function Open({ shifts: open, zone, again }: { shifts: Shift[]; zone: string; again(): void }) {
  const w = words.value.wishes, all = useSignal(false), fault = useSignal(''), warned = useSignal<Finding[]>([]);
  async function claim(s: Shift) {
    const done = await attempt(fault, async () => { warned.value = (await ask('shift.claim', { shift: s.id })).findings; });
    if (done) say(`${w.claimed} ${when(s)}`);
    again();
  }
  return (
    <Card title={w.open}>
      <Fault text={fault.value} />
      {warned.value.length > 0 && <Findings list={warned.value} zone={zone} />}
      {open.length === 0 && <p class="soft">{w.openNone}</p>}
      <ul class="plain rows">
        {(all.value ? open : open.slice(0, few)).map((s) => (
          <li key={s.id}><span><b>{when(s)}</b><small>{tier(s.tier)} · {words.value.empty(s.empty)}</small><YoursOf shift={s} /></span>
            <button class="small" aria-label={`${w.claim}: ${when(s)}`} onClick={() => void claim(s)}>{w.claim}</button></li>
        ))}
      </ul>
      {open.length > few && !all.value && <p><button class="text" onClick={() => { all.value = true; }}>{w.all(open.length)}</button></p>}
    </Card>
  );
}

/** One press a day. What is kept is kept by the server, so a press shows what it said and not what was hoped. */
function Days({ wishes, zone, again }: { wishes: Wish[]; zone: string; again(): void }) {
  const w = words.value.wishes, fault = useSignal(''), first = today(now(), zone);
  const of = (date: string) => {
    const { from, to } = bounds(date, zone);
    return wishes.find((x) => Date.parse(x.from) === from && Date.parse(x.to) === to);
  };
  async function press(date: string, kind: Will) {
    const { from, to } = bounds(date, zone), old = of(date);
    await attempt(fault, async () => {
      if (old) await ask('wish.drop', { wish: old.id });
      if (old?.kind !== kind) await ask('wish.set', { from: stamp(from), to: stamp(to), kind });
    });
    again();
  }
  return (
    <Card title={w.title}>
      <p class="soft">{w.help}</p>
      <Fault text={fault.value} />
      <ul class="plain wishdays">
        {Array.from({ length: weeks * 7 }, (_, i) => plus(first, i)).map((date) => {
          const day = longDay(date);
          return <li key={date}><span>{day}</span><Wills day={day} now={of(date)?.kind} press={(k) => void press(date, k)} /></li>;
        })}
      </ul>
    </Card>
  );
}

function Range({ zone, again }: { zone: string; again(): void }) {
  const w = words.value.wishes, first = today(now(), zone), fault = useSignal(''), kind = useSignal<Will>('cannot');
  const from = useSignal(`${first}T00:00`), to = useSignal(`${plus(first, 7)}T00:00`);
  const at = (local: string) => instant(reading(local.slice(0, 10), minutes(local.slice(11, 16))), zone);
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    const a = at(from.value), b = at(to.value);
    if (!(a < b)) { fault.value = w.order; return; }
    if (await attempt(fault, () => ask('wish.set', { from: stamp(a), to: stamp(b), kind: kind.value }))) again();
  }
  return (
    <details class="card">
      <summary>{w.range}</summary>
      <form onSubmit={submit}>
        <p class="field"><label for="wish-from">{w.from}</label><input id="wish-from" type="datetime-local" required value={from.value} onInput={(e) => { from.value = e.currentTarget.value; }} /></p>
        <p class="field"><label for="wish-to">{w.to}</label><input id="wish-to" type="datetime-local" required value={to.value} onInput={(e) => { to.value = e.currentTarget.value; }} /></p>
        <p class="field"><label for="wish-kind">{w.kind}</label>
          <select id="wish-kind" value={kind.value} onChange={(e) => { kind.value = e.currentTarget.value as Will; }}>{wills.map((k) => <option key={k} value={k}>{w[k]}</option>)}</select></p>
        <Fault text={fault.value} />
        <p><button>{w.set}</button></p>
      </form>
    </details>
  );
}

function List({ wishes, zone, again }: { wishes: Wish[]; zone: string; again(): void }) {
  const w = words.value.wishes, fault = useSignal('');
  async function drop(x: Wish) { await attempt(fault, () => ask('wish.drop', { wish: x.id })); again(); }
  return (
    <Card title={w.list}>
      <Fault text={fault.value} />
      {wishes.length === 0 && <p class="soft">{w.none}</p>}
      <ul class="plain rows">
        {[...wishes].sort((a, b) => a.from.localeCompare(b.from)).map((x) => (
          <li key={x.id}><span><b>{w[x.kind]}</b><small>{stretch(x.from, x.to, zone)}</small></span>
            <button class="small" aria-label={`${w.drop}: ${w[x.kind]}, ${stretch(x.from, x.to, zone)}`} onClick={() => void drop(x)}>{w.drop}</button></li>
        ))}
      </ul>
    </Card>
  );
}
