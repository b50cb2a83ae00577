// Who carries what: a table, and the hours of each as a picture.
import { useSignal } from '@preact/signals';
import { line, name, now, stamp, useAnswer } from './ask.ts';
import { Lines, Pending } from './parts.tsx';
import type { Share } from './types.ts';
import { words } from './words.ts';
import { day } from './zone.ts';

const periods = { past: [-28, 0], coming: [0, 42], quarter: [-91, 0] } as const;
type Period = keyof typeof periods;

export function FairnessPage() {
  const w = words.value.fairness, period = useSignal<Period>('coming'), [from, to] = periods[period.value], today = Math.floor(now() / day) * day;
  const answer = useAnswer('rota.fairness', { line: line.value, from: stamp(today + from * day), to: stamp(today + to * day) });
  const people = [...answer.value?.people ?? []].sort((a, b) => b.hours - a.hours || name(a.user).localeCompare(name(b.user)));
  return (
    <div class="column broad">
      <div class="weekhead"><h2>{w.title}</h2><span class="gap" />
        <label class="pick"><span class="unseen">{w.period}</span>
          <select value={period.value} onChange={(e) => { period.value = e.currentTarget.value as Period; }}>{(Object.keys(periods) as Period[]).map((p) => <option key={p} value={p}>{w[p]}</option>)}</select></label>
        <Lines />
      </div>
      {!answer.value ? <Pending fault={answer.fault} again={answer.again} /> : people.length === 0 ? <p class="soft">{w.none}</p> : <><Bars people={people} /><Table people={people} /><p class="soft">{w.help}</p></>}
    </div>
  );
}

/** The mean is what each would have if all had the same: her hours less her distance from it. */
function mean(people: Share[]): number {
  return people.reduce((sum, p) => sum + p.hours, 0) / people.length;
}

const tall = 26, left = 132, wide = 640, end = 64;

function Bars({ people }: { people: Share[] }) {
  const w = words.value.fairness, most = Math.max(1, ...people.map((p) => p.hours)), m = mean(people), scale = (wide - left - end) / most;
  return (
    <figure class="bars">
      <svg viewBox={`0 0 ${wide} ${people.length * tall + 8}`} role="img" aria-label={`${w.picture}. ${people.map((p) => `${name(p.user)} ${words.value.hours(p.hours)}`).join(', ')}`}>
        {people.map((p, i) => (
          <g key={p.user}>
            <text x={left - 8} y={i * tall + 20} text-anchor="end">{short(name(p.user))}</text>
            <rect x={left} y={i * tall + 7} width={Math.max(1, p.hours * scale)} height={tall - 10} rx={3} />
            <text x={left + p.hours * scale + 6} y={i * tall + 20}>{words.value.hours(p.hours)}</text>
          </g>
        ))}
        <line x1={left + m * scale} x2={left + m * scale} y1={2} y2={people.length * tall + 6} />
      </svg>
      <figcaption class="soft">{w.meanIs(m)}</figcaption>
    </figure>
  );
}

function short(name: string): string {
  return name.length > 16 ? `${name.slice(0, 15)}…` : name;
}

function Table({ people }: { people: Share[] }) {
  const w = words.value.fairness;
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={w.title}>
      <table>
        <thead><tr><th scope="col">{w.person}</th>{[w.hours, w.mean, w.nights, w.weekends, w.holidays, w.pages, w.missed].map((h) => <th key={h} scope="col" class="number">{h}</th>)}</tr></thead>
        <tbody>
          {people.map((p) => (
            <tr key={p.user}><th scope="row">{name(p.user)}</th>
              {[words.value.hours(p.hours), w.more(p.from_mean_h), p.nights, p.weekends, p.holidays, p.pages, p.missed].map((n, i) => <td key={i} class="number">{n}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
