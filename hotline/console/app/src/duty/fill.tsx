// Filling open seats: a proposal seat by seat, changed by hand, and nothing of it holds before it is applied.
import { useSignal } from '@preact/signals';
import { colleagues } from '../people.ts';
import { news } from '../view.ts';
import { Before, useTrial } from './before.tsx';
import { ask, attempt, line, name, now, stamp, useAnswer, useZone } from './ask.ts';
import { Calendars } from './absence.tsx';
import { AskForWishes } from './asking.tsx';
import { Fault, Findings, Lines, tier, YoursOf } from './parts.tsx';
import type { Finding, Filled, Plan, Proposal, Shift } from './types.ts';
import { words } from './words.ts';
import { bounds, hm, longDay, monday, plus, today } from './zone.ts';

/** The shift of a seat: ids name the seat after the shift, "…/seat". */
function shiftOf(seat: string, plan: Plan | null): Shift | undefined {
  const whole = (id: string) => id.slice(0, id.lastIndexOf('/'));
  return plan?.shifts.find((s) => s.id === seat) ?? plan?.shifts.find((s) => whole(s.id) === whole(seat));
}

export function FillPage() {
  const w = words.value.fill, zone = useZone(), start = plus(monday(today(now(), zone)), 7);
  const from = useSignal(start), to = useSignal(plus(start, 13)), fault = useSignal(''), busy = useSignal(false), done = useSignal<Finding[] | null>(null);
  const proposal = useSignal<Proposal | null>(null), own = useSignal<Record<string, string>>({});
  const range = { line: line.value, from: stamp(bounds(from.value, zone).from), to: stamp(bounds(to.value, zone).to) };
  const plan = useAnswer('duty.plan', proposal.value ? range : null);
  async function propose(e: SubmitEvent) {
    e.preventDefault();
    busy.value = true;
    done.value = null;
    own.value = {};
    await attempt(fault, async () => { proposal.value = await ask('rota.fill', range); });
    busy.value = false;
  }
  const p = proposal.value, seats = p ? taken(p, own.value) : [];
  const trial = useTrial(seats.length > 0 ? { line: line.value, fill: seats } : null);
  async function apply() {
    busy.value = true;
    if (await attempt(fault, async () => { done.value = (await ask('rota.fill.apply', { line: line.value, proposal: seats })).findings; })) {
      proposal.value = null;
      news.value++;
    }
    busy.value = false;
  }
  return (
    <div class="column broad">
      <h2>{w.title}</h2>
      <p class="soft">{w.help}</p>
      <form class="bar-form" onSubmit={propose}>
        <p class="field"><label for="fill-from">{w.from}</label><input id="fill-from" type="date" required value={from.value} onInput={(e) => { from.value = e.currentTarget.value; }} /></p>
        <p class="field"><label for="fill-to">{w.to}</label><input id="fill-to" type="date" required min={from.value} value={to.value} onInput={(e) => { to.value = e.currentTarget.value; }} /></p>
        <Lines />
        <button class={p ? '' : 'main'} disabled={busy.value}>{busy.value ? w.busy : w.propose}</button>
      </form>
      <Fault text={fault.value} />
      {!p && <AskForWishes zone={zone} />}
      {!p && <Calendars zone={zone} />}
      {done.value && <><p class="line ok" role="status">{w.applied}</p><Findings list={done.value} zone={zone} /></>}
      {p && <>
        <p role="status"><b>{p.proposal.length + p.empty.length === 0 ? w.nothing : w.result(p.proposal.length, p.empty.length, (p.took_ms / 1000).toFixed(1))}</b></p>
        <Seats proposal={p} plan={plan.value} own={own.value} set={(seat, user) => { own.value = { ...own.value, [seat]: user }; }} zone={zone} />
        <Before trial={trial} />
        <Loads seats={seats} plan={plan.value} />
        <p class="right stick"><button class="main" disabled={seats.length === 0 || busy.value || trial.looking} onClick={() => void apply()}>{w.apply(seats.length)}</button></p>
      </>}
    </div>
  );
}

/** The proposal with what was changed by hand; seats that are left empty are out. */
function taken(p: Proposal, own: Record<string, string>): Filled[] {
  const all = [...p.proposal, ...p.empty.map((e) => ({ shift: e.shift, user: '' }))];
  return all.map((f) => ({ shift: f.shift, user: own[f.shift] ?? f.user })).filter((f) => f.user !== '');
}

function Seats({ proposal: p, plan, own, set, zone }: { proposal: Proposal; plan: Plan | null; own: Record<string, string>; set(seat: string, user: string): void; zone: string }) {
  const whyOf = new Map(p.empty.map((e) => [e.shift, e.why]));
  const seats = [...p.proposal, ...p.empty.map((e) => ({ shift: e.shift, user: '' }))].map((f) => ({ ...f, of: shiftOf(f.shift, plan) }))
    .sort((a, b) => (a.of?.start ?? '').localeCompare(b.of?.start ?? '') || (a.of?.tier ?? 0) - (b.of?.tier ?? 0));
  const dates = [...new Set(seats.map((s) => s.of?.day ?? ''))];
  return (
    <>
      {dates.map((date) => (
        <section key={date} class="filled" aria-label={date && longDay(date)}>
          <h3>{date && longDay(date)}</h3>
          <ul class="plain rows">{seats.filter((s) => (s.of?.day ?? '') === date).map((s) => <Seat key={s.shift} seat={s.shift} of={s.of} user={own[s.shift] ?? s.user} why={whyOf.get(s.shift)} set={set} zone={zone} />)}</ul>
        </section>
      ))}
    </>
  );
}

function Seat({ seat, of, user, why, set, zone }: { seat: string; of: Shift | undefined; user: string; why: { user: string; why: string }[] | undefined; set(seat: string, user: string): void; zone: string }) {
  const w = words.value.fill, users = colleagues();
  const hours = of ? `${hm(of.start, zone)}–${hm(of.end, zone)}` : seat;
  return (
    <li class={user ? '' : 'stays'}>
      <span><b>{hours}</b><small>{of && tier(of.tier)}{of && of.users.length > 0 && ` · ${of.users.map((u) => name(u.user)).join(', ')}`}</small>{of && <YoursOf shift={of} />}
        {why && !user && (
          <details><summary>{w.stays}. {w.why(why.length)}</summary><ul class="plain">{why.map((x) => <li key={x.user}><small>{name(x.user)}: {x.why}</small></li>)}</ul></details>
        )}</span>
      <select aria-label={`${w.by}: ${of ? longDay(of.day) : ''} ${hours}`} value={user} onChange={(e) => set(seat, e.currentTarget.value)}>
        <option value="">{w.free}</option>
        {users.map((u) => <option key={u.id} value={u.id}>{u.name}</option>)}
      </select>
    </li>
  );
}

/** What each would get by this proposal, as it stands now. */
function Loads({ seats, plan }: { seats: Filled[]; plan: Plan | null }) {
  const w = words.value.fill, load = new Map<string, number>();
  for (const s of seats) {
    const of = shiftOf(s.shift, plan);
    if (of) load.set(s.user, (load.get(s.user) ?? 0) + (Date.parse(of.end) - Date.parse(of.start)) / 3_600_000);
  }
  if (load.size === 0) return null;
  return (
    <details class="card"><summary>{w.ofEach}</summary>
      <ul class="plain loads">{[...load].sort((a, b) => b[1] - a[1]).map(([u, h]) => <li key={u}><span>{name(u)}</span><span>{words.value.hours(h)}</span></li>)}</ul>
    </details>
  );
}
