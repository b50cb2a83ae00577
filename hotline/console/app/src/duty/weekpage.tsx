// The week: the grid or the list of days, what coverage says beside it, and what becomes of changes.
import { useEffect } from 'preact/hooks';
import { computed, signal, useSignal } from '@preact/signals';
import { news, say } from '../view.ts';
import { attempt, chief, line, local, name, now, stamp, useAnswer } from './ask.ts';
import * as edit from './edit.ts';
import { Grid } from './grid.tsx';
import { List } from './list.tsx';
import { Fault, Findings, Lines, Pending } from './parts.tsx';
import { Publish } from './publish.tsx';
import { show } from './sheet.tsx';
import { ShiftDialog } from './shiftdialog.tsx';
import type { Diff, Finding, Plan, Rota } from './types.ts';
import { blocks, days, holes, weekOf, type Day, type Span } from './week.ts';
import { words } from './words.ts';
import { bounds, hour, moment, monday, plus, reading, shortDay, stretch, today } from './zone.ts';

/** The Monday of the week that is shown; '' is the one of today. */
const first = signal('');

const narrow = signal(false);
const media = matchMedia('(max-width: 759.9px)');
narrow.value = media.matches;
media.addEventListener('change', () => { narrow.value = media.matches; });

/** The week's number, as calendars count it. */
function number(date: string): number {
  const thursday = plus(date, 3), year = `${thursday.slice(0, 4)}-01-01`;
  return Math.floor((reading(thursday) - reading(year)) / (7 * 24 * hour)) + 1;
}

const kept = computed(() => edit.saved.value);

export function WeekPage() {
  const zone = kept.value?.rota.zone ?? local, week = first.value || monday(today(now(), zone));
  const from = stamp(bounds(plus(week, -1), zone).from), to = stamp(bounds(plus(week, 7), zone).to);
  const plan = useAnswer('duty.plan', { line: line.value, from, to });
  useEffect(() => { if (plan.value) void edit.load(); }, [plan.value?.version, line.value]);
  useEffect(() => edit.showTime(stamp(bounds(week, zone).from), to), [week, zone]);
  const rota = kept.value?.rota;
  return (
    <div class="weekpage">
      <Head week={week} rota={rota} />
      <Fault text={edit.fault.value} />
      {rota && plan.value ? <Open week={week} rota={rota} plan={plan.value} />
        : rota && edit.saved.value?.version === 0 ? <Open week={week} rota={rota} plan={{ ...unplanned, line: rota.line, zone: rota.zone }} />
        : plan.fault && chief() && plan.code === 'not_found' ? <Begin /> : <Pending fault={plan.fault} again={plan.again} />}
    </div>
  );
}

const unplanned: Plan = { line: '', lines: [], zone: '', version: 0, shifts: [], findings: [], published_to: '', approve: false };

function Head({ week, rota }: { week: string; rota: Rota | undefined }) {
  const w = words.value.week, cycle = rota?.weeks ?? 1;
  return (
    <div class="weekhead">
      <button class="small" aria-label={w.before} onClick={() => { first.value = plus(week, -7); }}>‹</button>
      <h2>{w.number(number(week))} <span class="soft">{shortDay(week)} – {shortDay(plus(week, 6))}{rota && cycle > 1 && ` · ${w.cycle(weekOf(rota, week) + 1, cycle)}`}</span></h2>
      <button class="small" aria-label={w.after} onClick={() => { first.value = plus(week, 7); }}>›</button>
      <button class="small quiet" onClick={() => { first.value = ''; }}>{w.today}</button>
      <span class="gap" />
      <Lines />
      {rota && chief() && <button class="small" onClick={() => show(() => <ShiftDialog date={week} />)}>{w.add}</button>}
    </div>
  );
}

/** No rota was saved yet: an empty one begins with the first shift that is put into it. */
function Begin() {
  const w = words.value.week, zone = useSignal(local), weeks = useSignal(1), zones = Intl.supportedValuesOf('timeZone');
  function begin(e: SubmitEvent) {
    e.preventDefault();
    const cycle = weeks.value > 1 ? { weeks: weeks.value, anchor: monday(today(now(), zone.value)) } : {};
    const rota: Rota = { line: line.value, zone: zone.value, ...cycle, slots: [] };
    edit.fault.value = '';
    edit.saved.value = { rota, version: 0, cells: [] };
  }
  return (
    <form class="card begin" onSubmit={begin}>
      <p>{w.noRota}</p>
      <p class="field"><label for="begin-zone">{w.zone}</label>
        <select id="begin-zone" value={zone.value} onChange={(e) => { zone.value = e.currentTarget.value; }}>{[...new Set([local, ...zones])].map((z) => <option key={z}>{z}</option>)}</select></p>
      <p class="field"><label for="begin-weeks">{w.weeks}</label><input id="begin-weeks" type="number" min={1} max={8} required value={weeks.value} onInput={(e) => { weeks.value = Number(e.currentTarget.value); }} /></p>
      <p><button class="main">{w.begin}</button></p>
    </form>
  );
}

function Open({ week, rota, plan }: { week: string; rota: Rota; plan: Plan }) {
  const saved = edit.saved.value?.cells ?? [];
  const found = edit.gaps.value ?? plan.findings, within = { from: bounds(week, rota.zone).from, to: bounds(plus(week, 6), rota.zone).to };
  const drawn = days(blocks(rota, edit.cells.value, saved, plan.shifts, week), week, rota.zone, found);
  return (
    <>
      {chief() && <Changes />}
      <div class="weekbody">
        {narrow.value ? <List days={drawn} zone={rota.zone} /> : <Grid days={drawn} held={floating(rota, week)} zone={rota.zone} />}
        <Beside open={holes(found, within)} over={within.to <= now()} plan={plan} zone={rota.zone} />
      </div>
    </>
  );
}

/** What is held by the pointer floats over the week: no lane grows or shrinks under the hand. */
function floating(rota: Rota, week: string): Day[] {
  const h = edit.held.value;
  return h ? days(blocks(rota, [{ ...h, was: null }], [], [], week), week, rota.zone) : [];
}

/** What becomes of the changes: they are taken back, kept, published; and the draft of somebody. */
function Changes() {
  const w = words.value.week, n = edit.count.value, d = edit.draft.value, fault = useSignal('');
  async function keep() { if (await attempt(fault, edit.keepDraft)) say(w.kept); }
  const zone = edit.saved.value?.rota.zone ?? local;
  return (
    <div class="changes">
      {d && (
        <p class="line buttons"><span>{w.hasDraft(name(d.by), d.at ? moment(d.at, zone) : '–')}</span>
          <button class="small" onClick={edit.openDraft}>{w.openDraft}</button>
          <button class="small text" onClick={() => void attempt(fault, edit.dropDraft)}>{w.dropDraft}</button></p>
      )}
      <p class="buttons">
        <span role="status" class={n > 0 ? 'warn' : 'soft'}>{w.changes(n)}</span>
        {edit.mayUndo.value && <button class="small" onClick={edit.undo}>{w.undo}</button>}
        {n > 0 && <>
          <button class="small" onClick={edit.restore}>{w.drop}</button>
          <button class="small" onClick={() => void keep()}>{w.draft}</button>
          <button class="small main" onClick={() => show(() => <Publish />)}>{w.publish}</button>
        </>}
      </p>
      <Fault text={fault.value} />
    </div>
  );
}

/** Coverage in words: the gaps of this week, what else the server found, and what the changes do. */
function Beside({ open, over, plan, zone }: { open: Span[]; over: boolean; plan: Plan; zone: string }) {
  const w = words.value.week, p = edit.preview.value, dirty = edit.count.value > 0;
  return (
    <aside class="beside" aria-label={w.findings}>
      {over ? <p class="soft">{w.past}</p> : !dirty && plan.version === 0 ? null : dirty && !p ? <p class="soft" role="status">{w.looking}</p>
        : <p class={open.length > 0 ? 'danger' : 'ok'} role="status">{open.length === 0 && '✓ '}{w.gapsNow(open.length)}</p>}
      <ul class="plain gaplist">{open.map((g) => <li key={g.from} class="line danger">{stretch(stamp(g.from), stamp(g.to), zone)}</li>)}</ul>
      {dirty && p && <DiffWords diff={p.diff} zone={zone} />}
      {(dirty || plan.version > 0) && <h3>{w.findings}</h3>}
      {(dirty || plan.version > 0) && <Findings list={dirty && p ? besides(p) : plan.findings.filter((f) => f.kind !== 'gap')} zone={zone} more={dirty && p ? p.diff.opens.length > 0 : over || open.length > 0} />}
      {edit.overtaken.value && dirty && (
        <p class="line warn">{w.stale} <button class="small" onClick={() => { void edit.load(true); news.value++; }}>{w.reload}</button></p>
      )}
    </aside>
  );
}

/** What coverage says besides the gaps that were just said to open. */
export function besides(p: { findings: Finding[]; diff: Diff }): Finding[] {
  return p.findings.filter((f) => f.kind !== 'gap' || !p.diff.opens.some((o) => o.from === f.from && o.to === f.to));
}

/** More gaps than this are counted: nobody reads six weeks of them. */
const most = 14;

export function DiffWords({ diff, zone }: { diff: Diff; zone: string }) {
  const w = words.value.week, none = diff.opens.length + diff.closes.length + diff.people.length === 0;
  return (
    <>
      <h3>{w.does}</h3>
      {none && <p class="soft">{w.noDiff}</p>}
      <ul class="plain findings">
        {diff.opens.slice(0, most).map((f, i) => <li key={`o${i}`} class="line danger">{w.opens}: {stretch(f.from, f.to, zone)}</li>)}
        {diff.opens.length > most && <li class="line danger">{w.opensMore(diff.opens.length - most)}</li>}
        {diff.closes.slice(0, most).map((f, i) => <li key={`c${i}`} class="line ok">{w.closes}: {stretch(f.from, f.to, zone)}</li>)}
        {diff.closes.length > most && <li class="line ok">{w.closesMore(diff.closes.length - most)}</li>}
        {diff.people.map((p) => (
          <li key={p.user} class="line">{p.gains_h > 0 && p.loses_h > 0 ? w.bothWays(name(p.user), p.gains_h, p.loses_h) : p.gains_h > 0 ? w.gains(name(p.user), p.gains_h) : w.loses(name(p.user), p.loses_h)}</li>
        ))}
      </ul>
    </>
  );
}

