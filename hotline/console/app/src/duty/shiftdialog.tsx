// One shift: what the plan says of it every week, and what is to hold only this once.
import { useSignal } from '@preact/signals';
import { Dialog, shut } from '../components/dialog.tsx';
import { words as all } from '../i18n/words.ts';
import { answers, colleagues } from '../people.ts';
import type { User } from '../protocol.ts';
import { news, say } from '../view.ts';
import { Before, may, useTrial } from './before.tsx';
import { ask, attempt, called, chief, emailOf, name, now, stamp } from './ask.ts';
import { highest } from './cells.ts';
import * as edit from './edit.ts';
import { Fault, People, tier, Yours } from './parts.tsx';
import type { Change, Shift, Slot } from './types.ts';
import { weekOf, type Block } from './week.ts';
import { words } from './words.ts';
import { longDay, stretch, weekday, weekdayName } from './zone.ts';

/** Of a block, or of a new shift on a date. */
export function ShiftDialog(p: { block?: Block; date: string; tier?: number; start?: string; end?: string }) {
  const w = words.value.shift, b = p.block, once = useSignal(b !== undefined && !b.cell), zone = edit.saved.value?.rota.zone ?? 'UTC';
  const slot = b?.cell?.slot ?? { week: weekOf(edit.saved.value?.rota ?? {}, p.date), day: weekday(p.date), start: p.start ?? '20:00', end: p.end ?? '08:00', tier: p.tier ?? 1, users: [], ...(p.tier === 0 ? { kind: 'interpreter' as const } : {}) };
  const gone = b !== undefined && b.shift !== null && b.to <= now();
  const title = b ? stretch(stamp(b.from), stamp(b.to), zone) : w.new;
  return (
    <Dialog title={title} plain>
      {b && <Yours from={stamp(b.from)} to={stamp(b.to)} zone={zone} />}
      {b?.shift?.why && <p class="soft">{b.shift.why}</p>}
      {b?.shift && b.shift.away.length > 0 && <p class="line warn">{w.away(b.shift.away.map(name).join(', '))}</p>}
      {b && !chief() && <p>{tier(b.tier)} · {b.kind === 'closed' ? words.value.closed : b.users.map(called).join(', ') || words.value.nobody}</p>}
      {gone ? <p class="line">{w.gone}</p> : b && !b.cell && <p class="line">{w.overHelp}</p>}
      {chief() && b?.cell && b.shift && !gone && (
        <p class="modes">
          <button aria-pressed={!once.value} onClick={() => { once.value = false; }}>{w.grid}</button>
          <button aria-pressed={once.value} onClick={() => { once.value = true; }}>{w.once(longDay(b.shift.day))}</button>
        </p>
      )}
      {chief() && !once.value && <SlotForm slot={slot} cell={b?.cell?.key ?? ''} />}
      {chief() && once.value && b?.shift && !gone && (edit.count.value > 0 ? <p class="soft">{w.publishFirst}</p> : <Once shift={b.shift} />)}
    </Dialog>
  );
}

/** The slot in the plan; cell is '' for a new one. */
function SlotForm({ slot, cell }: { slot: Slot; cell: string }) {
  const w = words.value.shift, s = useSignal<Slot>(slot), weeks = edit.weeks(), v = s.value;
  const set = (change: Partial<Slot>) => { s.value = { ...s.value, ...change }; };
  function submit(e: SubmitEvent) {
    e.preventDefault();
    if (cell) edit.replace(cell, s.value);
    else edit.add(s.value);
    shut();
  }
  return (
    <form onSubmit={submit} class="slotform">
      <p class="soft">{w.every}</p>
      <SlotFields slot={v} set={set} weeks={weeks} />
      <p class="right buttons">
        {cell && <button type="button" class="bad" onClick={() => { edit.remove(cell); shut(); }}>{w.remove}</button>}
        <span class="gap" />
        <button type="button" onClick={shut}>{all.value.cancel}</button><button class="main">{w.put}</button>
      </p>
    </form>
  );
}

/** The fields of a slot; weeks 0: it has no day of the week, for it is laid on dates. */
export function SlotFields({ slot: v, set, weeks, prefix = 'slot' }: { slot: Slot; set(change: Partial<Slot>): void; weeks: number; prefix?: string }) {
  const w = words.value.shift, id = (field: string) => `${prefix}-${field}`;
  return (
    <div class="fields">
      {weeks > 1 && <p class="field"><label for={id('week')}>{w.week}</label>
        <select id={id('week')} value={v.week} onChange={(e) => set({ week: Number(e.currentTarget.value) })}>{Array.from({ length: weeks }, (_, i) => <option key={i} value={i}>{i + 1}</option>)}</select></p>}
      {weeks > 0 && <p class="field"><label for={id('day')}>{w.day}</label>
        <select id={id('day')} value={v.day} onChange={(e) => set({ day: Number(e.currentTarget.value) })}>{[1, 2, 3, 4, 5, 6, 7].map((d) => <option key={d} value={d}>{weekdayName(d)}</option>)}</select></p>}
      <p class="field"><label for={id('start')}>{w.start}</label><input id={id('start')} type="time" required value={v.start} onInput={(e) => set({ start: e.currentTarget.value.slice(0, 5) })} /></p>
      <p class="field"><label for={id('end')}>{w.end}</label><input id={id('end')} type="time" required value={v.end === '24:00' ? '00:00' : v.end} onInput={(e) => set({ end: e.currentTarget.value.slice(0, 5) === '00:00' ? '24:00' : e.currentTarget.value.slice(0, 5) })} /></p>
      {v.kind !== 'interpreter' && <p class="field"><label for={id('tier')}>{w.tier}</label>
        <select id={id('tier')} value={v.tier} onChange={(e) => set({ tier: Number(e.currentTarget.value) })}>{Array.from({ length: highest }, (_, i) => <option key={i} value={i + 1}>{tier(i + 1)}</option>)}</select></p>}
      <p class="field"><label for={id('min')}>{w.min}</label><input id={id('min')} type="number" min={0} max={20} required value={v.min ?? 1} onInput={(e) => set({ min: Number(e.currentTarget.value) })} /></p>
      <p class="field whole"><label for={id('kind')}>{w.kind}</label>
        <select id={id('kind')} value={v.kind ?? 'duty'} onChange={(e) => { const kind = e.currentTarget.value as Shift['kind']; set({ kind, tier: kind === 'interpreter' ? 0 : v.tier || 1, ...(kind === 'closed' ? { users: [] } : {}) }); }}>
          {(['duty', 'closed', 'shadow', 'interpreter'] as const).map((k) => <option key={k} value={k}>{words.value.kinds[k]}</option>)}
        </select></p>
      {v.kind === 'interpreter' && <p class="soft whole">{w.interpreterHelp}</p>}
      {v.kind !== 'closed' && <Crew users={v.users} set={(users) => set({ users })} prefix={prefix} interprets={v.kind === 'interpreter'} />}
      <p class="field whole"><label for={id('languages')}>{v.kind === 'interpreter' ? w.tongues : w.languages}</label>
        <input id={id('languages')} value={(v.languages ?? []).join(', ')} onChange={(e) => set({ languages: e.currentTarget.value.split(/[\s,]+/).filter(Boolean) })} /></p>
    </div>
  );
}

/** Who is in the slot, in the order in which they were put there. Somebody whom this page does not know stays, and so does who
 * cannot have it. An interpreter stands in no other slot than that of interpreters, and first there. */
function Crew({ users, set, prefix, interprets }: { users: string[]; set(users: string[]): void; prefix: string; interprets: boolean }) {
  const w = words.value.shift, here = (u: User) => users.includes(u.id) || users.includes(emailOf(u));
  const known = colleagues((u) => here(u) || answers(u) || interprets && u.role === 'interpreter')
    .sort((a, b) => Number(interprets && b.role === 'interpreter') - Number(interprets && a.role === 'interpreter'));
  const named = new Set(known.flatMap((u) => [u.id, emailOf(u)]));
  const all = [...known.map((u) => ({ key: users.includes(u.id) ? u.id : emailOf(u), name: u.name })), ...users.filter((u) => !named.has(u)).map((u) => ({ key: u, name: u }))];
  return (
    <fieldset class="choices whole crew">
      <legend>{w.people}</legend>
      {all.map((u) => (
        <label key={u.key}><input type="checkbox" name={`${prefix}-crew`} value={u.key} checked={users.includes(u.key)} onChange={(e) => set(e.currentTarget.checked ? [...users, u.key] : users.filter((x) => x !== u.key))} /><span>{u.name}</span></label>
      ))}
    </fieldset>
  );
}

const needs: Record<Change, ('user' | 'by')[]> = { absence: ['user'], cover: ['user', 'by'], extra: ['by'], cancel: [], restore: [] };

/** Only this shift: somebody does not come, another does, it is not held. */
function Once({ shift }: { shift: Shift }) {
  const w = words.value.shift, what = useSignal<Change | ''>(''), user = useSignal(''), by = useSignal(''), reason = useSignal(''), fault = useSignal('');
  const fields = what.value ? needs[what.value] : [], here = shift.users.map((u) => u.user);
  const args = what.value ? { shift: shift.id, do: what.value, reason: '', ...(fields.includes('user') ? { user: user.value } : {}), ...(fields.includes('by') ? { by: by.value } : {}) } : null;
  const complete = args !== null && (!fields.includes('user') || user.value !== '') && (!fields.includes('by') || by.value !== '');
  const trial = useTrial(complete ? { line: shift.line, change: args } : null);
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    if (!args || !await attempt(fault, () => ask('shift.change', { ...args, reason: reason.value.trim() }))) return;
    news.value++;
    shut();
    say(w.done);
  }
  return (
    <form onSubmit={submit} class="once">
      <fieldset class="choices">
        <legend class="unseen">{w.once(longDay(shift.day))}</legend>
        {(Object.keys(needs) as Change[]).map((k) => <label key={k}><input type="radio" name="once" value={k} checked={what.value === k} onChange={() => { what.value = k; }} /><span>{w.does[k]}</span></label>)}
      </fieldset>
      {fields.includes('user') && <p class="field"><label for="once-who">{w.who}</label>
        <select id="once-who" value={user.value} onChange={(e) => { user.value = e.currentTarget.value; }}><option value="">–</option>{here.map((u) => <option key={u} value={u}>{name(u)}</option>)}</select></p>}
      {fields.includes('by') && <People id="once-by" label={w.by} value={by.value} without={here} fits={(u) => answers(u) || shift.kind === 'interpreter' && u.role === 'interpreter'} set={(u) => { by.value = u; }} />}
      <Before trial={trial} />
      {what.value && <p class="field"><label for="once-why">{w.reason}</label>{trial.gap && <small>{words.value.publish.reasonGap}</small>}<input id="once-why" maxLength={500} dir="auto" required={trial.gap} value={reason.value} onInput={(e) => { reason.value = e.currentTarget.value; }} /></p>}
      <Fault text={fault.value} />
      {what.value && <p class="right buttons"><button disabled={!complete || !may(trial, reason.value)}>{w.go}</button></p>}
    </form>
  );
}
