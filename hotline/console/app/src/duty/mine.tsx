// "My duties": the next shift and its one press, what is asked of her, and what she leaves to the next.
import { useSignal } from '@preact/signals';
import * as clock from '../clock.ts';
import { me } from '../state.ts';
import { ask, attempt, line, name, now, useAnswer, useZone, type Answer } from './ask.ts';
import { OwnCalendar } from './absence.tsx';
import { CalendarAddress } from './calendar.tsx';
import { Note, ReadHandover } from './handover.tsx';
import { OwnPhone } from './pagetest.tsx';
import { Card, Fault, Pending, running, tier, when, YoursOf } from './parts.tsx';
import { answersFor } from './relief.tsx';
import { show } from './sheet.tsx';
import { AskSwap, Swaps } from './swaps.tsx';
import type { Mine, Shift } from './types.ts';
import { words } from './words.ts';
import { till } from './zone.ts';

export function MinePage() {
  clock.minute.value;
  const mine = useAnswer('duty.mine', {}), zone = useZone(), m = mine.value;
  if (!m) return <Pending fault={mine.fault} again={mine.again} />;
  return (
    <div class="column">
      <Now mine={m} zone={zone} again={mine.again} />
      {m.handover && <ReadHandover handover={m.handover} zone={zone} again={mine.again} />}
      <Swaps list={m.swaps} zone={zone} again={mine.again} />
      <Shifts mine={m} again={mine.again} />
      {m.on_duty && <Note line={(m.shifts.find(running) ?? m.check_in)?.line ?? line.value} />}
      <OwnPhone at={m.tested_at} test={m.test} />
      <CalendarAddress />
      <OwnCalendar zone={zone} />
    </div>
  );
}

function Now({ mine, zone, again }: { mine: Mine; zone: string; again: Answer<Mine>['again'] }) {
  const w = words.value.mine, fault = useSignal(''), relieved = mine.relieved ?? '';
  const next = mine.shifts.find((s) => Date.parse(s.start) > now()), check = mine.check_in;
  const runs = mine.shifts.find(running), by = (runs ?? next)?.zone ?? zone;
  const away = relieved !== '' && Date.parse(relieved) > now();
  async function here(s: Shift) { if (await attempt(fault, () => ask('duty.here', { shift: s.id }))) again(); }
  async function relieve() {
    if (await attempt(fault, () => ask('duty.relieve', {}))) again();
  }
  async function back() {
    if (await attempt(fault, () => ask('duty.back', {}))) again();
  }
  return (
    <Card title={w.checkIn} loud={!!check}>
      {mine.on_duty
        ? <p class="say-big">{mine.until ? w.now(till(now(), mine.until, by)) : w.nowOn}</p>
        : <p class={check ? '' : 'say-big'}>{w.notNow} {!check && next && w.next(when(next))}</p>}
      {mine.on_duty && runs && !check && <YoursOf shift={runs} />}
      {check && <>
        <p class="say-big">{when(check)} · {tier(check.tier)}</p><YoursOf shift={check} />
        <p class="soft">{w.checkInHelp}</p>
        <p><button class="main tall" onClick={() => void here(check)}>{w.here}</button></p>
      </>}
      {!check && mine.on_duty && mine.shifts.some((s) => running(s) && s.users.some((u) => u.user === me.value?.id && u.state === 'here')) && <p class="ok">✓ {w.isHere}</p>}
      {away
        ? <div role="status"><p class={mine.answers?.people ? '' : 'line danger'}>{answersFor({ until: relieved, answers: mine.answers ?? { tier: 0, people: 0 } }, by)}</p>
          <p><button class="tall" onClick={() => void back()}>{w.undo}</button></p></div>
        : mine.on_duty && <p class="buttons"><button class="tall" aria-keyshortcuts="F6" onClick={() => void relieve()}>{w.cannotNow}</button> <small class="soft">{w.cannotHelp}</small></p>}
      <Fault text={fault.value} />
    </Card>
  );
}

function Shifts({ mine, again }: { mine: Mine; again(): void }) {
  const w = words.value, id = me.value?.id, fault = useSignal('');
  async function confirm(s: Shift) { if (await attempt(fault, () => ask('shift.confirm', { shift: s.id }))) again(); }
  const asked = new Set(mine.swaps.filter((s) => s.from === id && (s.state === 'open' || s.state === 'taken')).map((s) => s.shift.id));
  return (
    <Card title={w.mine.shifts}>
      <Fault text={fault.value} />
      {mine.shifts.length === 0 && <p class="soft">{w.mine.none}</p>}
      <ul class="plain rows">
        {mine.shifts.map((s) => {
          const others = s.users.filter((u) => u.user !== id);
          return (
            <li key={s.id}>
              <span><b>{when(s)}</b><YoursOf shift={s} /><small>{tier(s.tier)}{s.kind === 'shadow' && ` · ${w.shadow}`} · {others.length > 0 ? w.mine.with(others.map((u) => name(u.user)).join(', ')) : w.mine.alone}</small>
                {mine.away?.includes(s.id) && <small class="warn">⚠ {w.absence.shift}</small>}</span>
              <span class="buttons">
                {s.users.some((u) => u.user === id && u.state === 'planned') && Date.parse(s.start) > now() && <button class="small" aria-label={`${w.mine.confirm}: ${when(s)}`} onClick={() => void confirm(s)}>{w.mine.confirm}</button>}
                {s.users.some((u) => u.user === id && u.state === 'confirmed') && <span class="ok">✓ {w.mine.confirmed}</span>}
                {asked.has(s.id) ? <span class="soft">{w.mine.asked}</span>
                  : <button class="small" aria-label={`${w.mine.swap}: ${when(s)}`} onClick={() => show(() => <AskSwap shift={s} />)}>{w.mine.swap}</button>}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
