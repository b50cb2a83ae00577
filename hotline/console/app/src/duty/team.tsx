// The people: how each is reached, when that was last proved, and who let pages pass.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as clock from '../clock.ts';
import { language, title } from '../format.ts';
import { colleagues, waiting } from '../people.ts';
import type { Commands } from '../protocol.ts';
import { me } from '../state.ts';
import { ask, attempt, name, useAnswer } from './ask.ts';
import { CalendarOf } from './calendar.tsx';
import { Heard } from './heard.tsx';
import { Outcome, Proved, Ring, RingAll } from './pagetest.tsx';
import { Card, Fault, Pending, tier } from './parts.tsx';
import { Skills } from './skills.tsx';
import type { Standing } from './types.ts';
import { words } from './words.ts';

/** How often the page asks anew, in milliseconds: whether a page is heard is told to nobody else. */
const often = 10_000;

export function TeamPage() {
  clock.minute.value;
  const w = words.value.team, wall = useAnswer('wallboard', {}), said = useSignal(''), fault = useSignal('');
  useEffect(() => {
    const timer = setInterval(wall.again, often);
    return () => clearInterval(timer);
  }, []);
  if (!wall.value) return <Pending fault={wall.fault} again={wall.again} />;
  const standing = new Map(wall.value.people.map((p) => [p.user, p])), guests = new Map(wall.value.interpreters.map((p) => [p.user, p]));
  const users = colleagues((u) => u.role !== 'admin');
  return (
    <div class="column broad">
      <h2>{w.title}</h2>
      {me.value?.role === 'supervisor' && <RingAll />}
      <p role="status" class="soft">{said.value}</p>
      <Fault text={fault.value} />
      <div class="scrolls" tabIndex={0} role="region" aria-label={w.title}>
        <table>
          <thead><tr>{[w.person, w.state, w.reach, w.tested, w.missed, w.hours].map((h) => <th key={h} scope="col">{h}</th>)}</tr></thead>
          <tbody>
            {users.map((u) => {
              const s = standing.get(u.id), guest = guests.get(u.id), x = s ?? guest;
              return (
                <tr key={u.id}>
                  <th scope="row">{u.name}</th>
                  <td>{u.role === 'interpreter' ? w.interpreter : stateWords(s, u.state)}</td>
                  <td>{w.voices[guest ? 'phone' : u.voice]}{x && <small class={x.phone ? '' : 'warn'}>{x.phone ? w.checked : w.unchecked}</small>}{s && <small>{s.console ? w.console : w.noConsole}</small>}{s && <Heard of={s} />}
                    {guest && <CalendarOf of={guest} name={u.name} again={wall.again} />}</td>
                  <td>{x ? <Proved at={x.tested_at} /> : w.unknown}<Outcome of={x?.test ?? null} />
                    {x?.phone && <p class="ringone"><Ring user={u.id} label={words.value.test.one} name={u.name} said={(n) => { said.value = words.value.test.asked(u.name, n); }} fault={fault} /></p>}</td>
                  <td class={s && s.missed >= 3 ? 'danger' : ''}>{u.role === 'interpreter' ? '–' : s?.missed ?? w.unknown}{s && s.missed >= 3 && <small class="danger">{w.notAnswering}</small>}</td>
                  <td>{u.languages.map(language).join(', ') || '–'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <DryRun />
      <Skills />
    </div>
  );
}

/** Who would be asked for somebody who waits, in which order, and who would not, and why. */
function DryRun() {
  const w = words.value.team, chosen = useSignal(''), asked = useSignal(''), fault = useSignal('');
  const contact = waiting.value.some((c) => c.id === chosen.value) ? chosen.value : waiting.value[0]?.id ?? '';
  const answer = useSignal<Commands['duty.dry_run']['result'] | null>(null), a = asked.value === contact ? answer.value : null;
  async function run() {
    if (await attempt(fault, async () => { answer.value = await ask('duty.dry_run', { contact }); })) asked.value = contact;
  }
  return (
    <Card title={w.dry}>
      {waiting.value.length === 0 ? <p class="soft">{w.dryNone}</p> : (
        <p class="buttons"><label class="pick"><span class="unseen">{w.dryPick}</span>
          <select value={contact} onChange={(e) => { chosen.value = e.currentTarget.value; }}>{waiting.value.map((c) => <option key={c.id} value={c.id}>{title(c)}{c.language && ` · ${language(c.language)}`}</option>)}</select></label>
          <button onClick={() => void run()}>{w.dryAsk}</button></p>
      )}
      <Fault text={fault.value} />
      {a && <>
        <h3>{w.picks}</h3>
        {a.picks.length === 0 && <p class="danger">{w.dryNobody}</p>}
        <ol class="picks">{a.picks.map((p) => <li key={p.user}><b>{name(p.user)}</b> · {tier(p.tier)}{p.why && ` · ${p.why}`}</li>)}</ol>
        <h3>{w.excluded}</h3>
        <ul class="plain">{a.excluded.map((p) => <li key={p.user}><b>{name(p.user)}</b>: {p.why}</li>)}</ul>
      </>}
    </Card>
  );
}

export function stateWords(s: Standing | undefined, state: 'available' | 'away'): string {
  const w = words.value.team;
  if (s?.talking) return w.talking;
  if (s && !s.on_duty) return w.off;
  if (s?.reach === 'phone') return w.atHome;
  return (s?.state ?? state) === 'available' ? w.free : w.away;
}
