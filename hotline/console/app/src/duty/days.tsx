// Special days: a day of its own for a holiday, a temporary plan for a stretch of dates.
import { useSignal } from '@preact/signals';
import { Dialog, shut } from '../components/dialog.tsx';
import { words as all } from '../i18n/words.ts';
import { colleagues } from '../people.ts';
import { news, say } from '../view.ts';
import { because, Before, may, useTrial } from './before.tsx';
import { ask, attempt, called, emailOf, line, now, useAnswer, useZone } from './ask.ts';
import { Card, Fault, Lines, Pending, tier } from './parts.tsx';
import { show } from './sheet.tsx';
import { SlotFields } from './shiftdialog.tsx';
import type { Slot, Template, Temporary } from './types.ts';
import { words } from './words.ts';
import { dayOnly, plus, today } from './zone.ts';

export function DaysPage() {
  const w = words.value.days, answer = useAnswer('rota.overlays', { line: line.value }), zone = useZone(), first = today(now(), zone);
  if (!answer.value) return <Pending fault={answer.fault} again={answer.again} />;
  const { templates, temporary } = answer.value;
  return (
    <div class="column">
      <p class="soft">{w.help}</p>
      <Lines />
      <Card title={w.templates}>
        {templates.length === 0 && <p class="soft">{w.none}</p>}
        <ul class="plain rows">{templates.map((t) => <Overlay key={t.id} id={t.id} title={t.name} when={t.dates.map(dayOnly).join(', ')} slots={t.slots} open={() => show(() => <DayForm of={t} first={first} />)} />)}</ul>
        <p><button onClick={() => show(() => <DayForm first={first} />)}>{w.addDay}</button></p>
      </Card>
      <Card title={w.temporary}>
        {temporary.length === 0 && <p class="soft">{w.none}</p>}
        <ul class="plain rows">{temporary.map((t) => <Overlay key={t.id} id={t.id} title={[t.name, `${dayOnly(t.from)} – ${dayOnly(t.to)}`].filter(Boolean).join(': ')} when={`${w.fallback}: ${w.fallbacks[t.fallback] ?? w.standsIn(called(t.fallback))}`} slots={t.slots} open={() => show(() => <TimeForm of={t} first={first} />)} />)}</ul>
        <p><button onClick={() => show(() => <TimeForm first={first} />)}>{w.addTime}</button></p>
      </Card>
    </div>
  );
}

/** One thing that is laid over the plan; what it is taken away from is said before it goes. */
function Overlay({ id, title, when, slots, open }: { id: string; title: string; when: string; slots: Slot[]; open(): void }) {
  const w = words.value.days, sure = useSignal(false), fault = useSignal(''), reason = useSignal('');
  const trial = useTrial(sure.value ? { line: line.value, drop: id } : null);
  async function drop() { if (await attempt(fault, () => ask('rota.overlay.drop', { line: line.value, id, ...because(reason.value) }))) news.value++; }
  return (
    <li>
      <span><b>{title}</b><small>{when}</small>
        {slots.map((s, i) => <small key={i}>{s.start}–{s.end} · {tier(s.tier)} · {s.kind === 'closed' ? words.value.closed : s.users.map(called).join(', ') || words.value.nobody}</small>)}
        {sure.value && <><span class="line warn">{w.sure}</span><Before trial={trial} reason={reason} id={`drop-why-${id}`} /></>}<Fault text={fault.value} /></span>
      <span class="buttons">
        <button class="small" onClick={open} aria-label={`${w.open}: ${title}`}>{w.open}</button>
        {sure.value ? <><button class="small" onClick={() => { sure.value = false; }}>{all.value.cancel}</button><button class="small bad" disabled={!may(trial, reason.value)} onClick={() => void drop()}>{w.yes}</button></>
          : <button class="small" aria-label={`${w.drop}: ${title}`} onClick={() => { sure.value = true; }}>{w.drop}</button>}
      </span>
    </li>
  );
}

/** A slot that belongs to dates and not to a day of the week. */
const empty = (): Slot => ({ week: 0, day: 0, start: '08:00', end: '20:00', tier: 1, users: [] });

function Slots({ slots, set }: { slots: Slot[]; set(slots: Slot[]): void }) {
  const w = words.value.days;
  return (
    <>
      <h3>{w.slots}</h3>
      {slots.map((s, i) => (
        <fieldset key={i} class="card">
          <legend>{w.shiftN(i + 1)}</legend>
          <SlotFields slot={s} weeks={0} prefix={`slot${i}`} set={(change) => set(slots.map((x, j) => j === i ? { ...x, ...change } : x))} />
          <p class="right"><button type="button" class="small" onClick={() => set(slots.filter((_, j) => j !== i))}>{w.dropSlot}</button></p>
        </fieldset>
      ))}
      <p><button type="button" onClick={() => set([...slots, empty()])}>{w.addSlot}</button></p>
    </>
  );
}

function DayForm({ of, first }: { of?: Template; first: string }) {
  const w = words.value.days, name = useSignal(of?.name ?? ''), dates = useSignal(of?.dates ?? []), date = useSignal(first), slots = useSignal(of?.slots ?? [empty()]), fault = useSignal(''), holiday = useSignal(of?.holiday ?? true), reason = useSignal('');
  const args = { line: line.value, name: name.value.trim(), holiday: holiday.value, dates: dates.value, slots: slots.value }, whole = args.name !== '' && args.dates.length > 0;
  const trial = useTrial(whole ? { line: args.line, template: args } : null);
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    if (!await attempt(fault, () => ask('rota.template.set', { ...args, ...because(reason.value) }))) return;
    news.value++;
    shut();
    say(w.saved);
  }
  return (
    <Dialog title={of?.name ?? w.addDay}>
      <form onSubmit={submit}>
        <p class="field"><label for="day-name">{w.name}</label><input id="day-name" required maxLength={100} autofocus readOnly={!!of} value={name.value} onInput={(e) => { name.value = e.currentTarget.value; }} /></p>
        <p><label class="check"><input type="checkbox" checked={holiday.value} onChange={(e) => { holiday.value = e.currentTarget.checked; }} /><span>{w.holiday}</span></label></p>
        <fieldset class="choices">
          <legend>{w.dates}</legend>
          <p class="buttons">{dates.value.map((d) => <button key={d} type="button" class="small" aria-label={w.dropDate(dayOnly(d))} onClick={() => { dates.value = dates.value.filter((x) => x !== d); }}>{dayOnly(d)} ✕</button>)}</p>
          <p class="buttons"><label class="unseen" for="day-date">{w.date}</label><input id="day-date" type="date" value={date.value} onInput={(e) => { date.value = e.currentTarget.value; }} />
            <button type="button" disabled={!date.value} onClick={() => { dates.value = [...new Set([...dates.value, date.value])].sort(); }}>{w.addDate}</button></p>
        </fieldset>
        <Slots slots={slots.value} set={(s) => { slots.value = s; }} />
        <Before trial={trial} reason={reason} id="day-why" />
        <Fault text={fault.value} />
        <p class="right buttons"><button type="button" onClick={shut}>{all.value.cancel}</button><button class="main" disabled={!whole || !may(trial, reason.value)}>{w.save}</button></p>
      </form>
    </Dialog>
  );
}

function TimeForm({ of, first }: { of?: Temporary; first: string }) {
  const w = words.value.days, from = useSignal(of?.from ?? first), to = useSignal(of?.to ?? plus(first, 6)), fallback = useSignal(of?.fallback ?? 'grid'), name = useSignal(of?.name ?? ''), fault = useSignal(''), reason = useSignal('');
  const slots = useSignal<Slot[]>(of?.slots ?? [{ ...empty(), date: first }]);
  const args = { line: line.value, ...(name.value.trim() ? { name: name.value.trim() } : {}), from: from.value, to: to.value, slots: slots.value, fallback: fallback.value };
  const trial = useTrial(from.value && to.value >= from.value ? { line: args.line, temporary: args } : null);
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    if (!await attempt(fault, () => ask('rota.temporary.set', { ...args, ...because(reason.value) }))) return;
    news.value++;
    shut();
    say(w.saved);
  }
  const dated = (i: number, date: string) => { slots.value = slots.value.map((s, j) => j === i ? { ...s, date } : s); };
  return (
    <Dialog title={of ? `${dayOnly(of.from)} – ${dayOnly(of.to)}` : w.addTime}>
      <form onSubmit={submit}>
        <div class="fields">
          <p class="field whole"><label for="time-name">{w.name}</label><input id="time-name" maxLength={100} value={name.value} onInput={(e) => { name.value = e.currentTarget.value; }} /></p>
          <p class="field"><label for="time-from">{w.from}</label><input id="time-from" type="date" required autofocus value={from.value} onInput={(e) => { from.value = e.currentTarget.value; }} /></p>
          <p class="field"><label for="time-to">{w.to}</label><input id="time-to" type="date" required min={from.value} value={to.value} onInput={(e) => { to.value = e.currentTarget.value; }} /></p>
          <p class="field whole"><label for="time-fallback">{w.fallback}</label>
            <select id="time-fallback" value={fallback.value} onChange={(e) => { fallback.value = e.currentTarget.value; }}>{Object.entries(w.fallbacks).map(([k, v]) => <option key={k} value={k}>{v}</option>)}
              {colleagues().map((u) => <option key={u.id} value={emailOf(u)}>{w.standsIn(u.name)}</option>)}</select></p>
        </div>
        {slots.value.map((s, i) => <p key={i} class="field"><label for={`time-date${i}`}>{w.shiftN(i + 1)}: {w.date}</label><input id={`time-date${i}`} type="date" required min={from.value} max={to.value} value={s.date ?? first} onInput={(e) => dated(i, e.currentTarget.value)} /></p>)}
        <Slots slots={slots.value} set={(s) => { slots.value = s.map((x) => ({ date: from.value, ...x })); }} />
        <Before trial={trial} reason={reason} id="time-why" />
        <Fault text={fault.value} />
        <p class="right buttons"><button type="button" onClick={shut}>{all.value.cancel}</button><button class="main" disabled={!may(trial, reason.value)}>{w.save}</button></p>
      </form>
    </Dialog>
  );
}
