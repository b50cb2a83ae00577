// Calendars of people's own, as a hint of when they are away: hers, and for supervisors how it stands with everybody's.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as clock from '../clock.ts';
import type { Followed } from '../protocol.ts';
import { ask, attempt, name, useAnswer } from './ask.ts';
import { Card, Fault } from './parts.tsx';
import { words } from './words.ts';
import { moment } from './zone.ts';

/** When it was last read, what is wrong with it, and that what was known before still counts. */
function State({ of, zone, own = false }: { of: Followed; zone: string; own?: boolean }) {
  const w = words.value.absence, at = of.read ? moment(of.read, zone) : '';
  return (
    <>
      {of.fault
        ? <p class="line warn" role="status">{w.faults[of.fault]} {at ? w.stale(at) : w.never} {own && w.todo[of.fault]}</p>
        : <p role="status">{at ? <span class="ok">✓ {w.read(at)}</span> : <span class="soft">{w.first}</span>}</p>}
      {of.unclear > 0 && <p class="soft">{w.unclear(of.unclear)}</p>}
    </>
  );
}

export function OwnCalendar({ zone }: { zone: string }) {
  const w = words.value.absence, own = useAnswer('calendar.followed', {}), fault = useSignal(''), url = useSignal(''), said = useSignal('');
  const calendar = own.value?.calendar ?? null;
  useEffect(() => { if (calendar && !calendar.read) own.again(); }, [clock.minute.value]); // any of the house's machines may read it
  async function follow(e: SubmitEvent) {
    e.preventDefault();
    if (!await attempt(fault, () => ask('calendar.follow', { url: url.value }))) return;
    url.value = said.value = '';
    own.again();
  }
  async function unfollow() {
    if (!await attempt(fault, () => ask('calendar.unfollow', {}))) return;
    said.value = w.removed;
    own.again();
  }
  return (
    <Card title={w.title}>
      <p class="soft">{w.help}</p>
      {calendar
        ? <>
          {calendar.host && <p><b>{calendar.host}</b></p>}
          <State of={calendar} zone={zone} own />
          <p><button class="text" onClick={() => void unfollow()}>{w.remove}</button></p>
        </>
        : <form onSubmit={follow}>
          <p class="field"><label for="own-calendar">{w.address}</label>
            <input id="own-calendar" required autocomplete="off" autocapitalize="none" spellcheck={false} inputMode="url" placeholder="https://… · webcal://…" value={url.value} onInput={(e) => { url.value = e.currentTarget.value; }} /></p>
          <p class="buttons"><button disabled={!own.value}>{w.follow}</button><span role="status" class="ok">{said.value && `✓ ${said.value}`}</span></p>
        </form>}
      <Fault text={fault.value || own.fault} />
    </Card>
  );
}

/** For a supervisor: whose hints are fresh, and whose are not. */
export function Calendars({ zone }: { zone: string }) {
  const w = words.value.absence, all = useAnswer('calendar.follows', {}).value?.calendars ?? [];
  if (all.length === 0) return null;
  const bad = all.filter((c) => c.fault).length;
  return (
    <details class="card airy" open={bad > 0}><summary>{bad > 0 ? w.someStale(bad, all.length) : w.allFresh(all.length)}</summary>
      <p class="soft">{w.lag}</p>
      <ul class="plain rows">
        {[...all].sort((a, b) => Number(!!b.fault) - Number(!!a.fault) || name(a.user).localeCompare(name(b.user))).map((c) => (
          <li key={c.user}><span><b>{name(c.user)}</b><State of={c} zone={zone} /></span></li>
        ))}
      </ul>
    </details>
  );
}
