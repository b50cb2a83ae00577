// The people: how each is reached, when that was last proved, and who let pages pass.
import * as clock from '../clock.ts';
import { language, since } from '../format.ts';
import { model } from '../state.ts';
import { now, useAnswer } from './ask.ts';
import { Pending } from './parts.tsx';
import type { Standing } from './types.ts';
import { words } from './words.ts';
import { day } from './zone.ts';

/** A test page older than this proves nothing any more. */
const old = 35 * day;

export function TeamPage() {
  clock.minute.value;
  const w = words.value.team, wall = useAnswer('wallboard', {});
  if (!wall.value) return <Pending fault={wall.fault} again={wall.again} />;
  const standing = new Map(wall.value.people.map((p) => [p.user, p]));
  const users = Object.values(model.value.users).filter((u) => u.role !== 'admin').sort((a, b) => a.name.localeCompare(b.name));
  return (
    <div class="column broad">
      <h2>{w.title}</h2>
      <div class="scrolls" tabIndex={0} role="region" aria-label={w.title}>
        <table>
          <thead><tr>{[w.person, w.state, w.reach, w.tested, w.missed, w.hours].map((h) => <th key={h} scope="col">{h}</th>)}</tr></thead>
          <tbody>
            {users.map((u) => {
              const s = standing.get(u.id);
              return (
                <tr key={u.id}>
                  <th scope="row">{u.name}</th>
                  <td>{stateWords(s, u.state)}</td>
                  <td>{w.voices[u.voice]}{s && <small>{s.console ? w.console : w.noConsole}</small>}</td>
                  <td>{testedWords(s)}</td>
                  <td class={s && s.missed >= 3 ? 'danger' : ''}>{s?.missed ?? w.unknown}{s && s.missed >= 3 && <small class="danger">{w.notAnswering}</small>}</td>
                  <td>{u.languages.map(language).join(', ') || '–'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}

export function stateWords(s: Standing | undefined, state: 'available' | 'away'): string {
  const w = words.value.team;
  if (s?.talking) return w.talking;
  return (s?.state ?? state) === 'available' ? w.free : w.away;
}

function testedWords(s: Standing | undefined) {
  const w = words.value.team;
  if (!s) return w.unknown;
  if (!s.tested_at) return <b class="warn">{w.never}</b>;
  const late = now() - Date.parse(s.tested_at) > old;
  return <span class={late ? 'warn' : ''}>{w.ago(since(s.tested_at))}{late && <small>{w.old}</small>}</span>;
}
