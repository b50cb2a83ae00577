// The week on a narrow screen: a list of days, each with its shifts in words. A press opens the same dialog as the grid.
import { called, chief, stamp } from './ask.ts';
import { tier, tongues, Yours } from './parts.tsx';
import { show } from './sheet.tsx';
import { ShiftDialog } from './shiftdialog.tsx';
import { rank, type Day } from './week.ts';
import { words } from './words.ts';
import { hm, hour, longDay } from './zone.ts';

export function List({ days, zone }: { days: Day[]; zone: string }) {
  const w = words.value;
  return (
    <div class="daylist">
      {days.map((d) => {
        const starts = d.lanes.flatMap((l) => l.pieces).filter((p) => p.begins).map((p) => p.block).sort((a, b) => a.from - b.from || rank(a.tier) - rank(b.tier));
        return (
          <section key={d.date} aria-label={longDay(d.date)}>
            <div class="head"><h3>{longDay(d.date)}</h3>
              {chief() && <button class="small quiet" aria-label={w.week.addOn(longDay(d.date))} onClick={() => show(() => <ShiftDialog date={d.date} />)}>+</button>}</div>
            {d.long !== 24 * hour && <p class="warn">{w.week.hours(d.long / hour)}</p>}
            {d.gaps.map((g) => <p key={g.from} class="line danger">{w.findings['gap']}: {hm(g.from, zone)}–{g.to === d.from + d.long ? '24:00' : hm(g.to, zone)}</p>)}
            {starts.length === 0 && <p class="soft">{w.week.noShift}</p>}
            <ul class="plain">
              {starts.map((b) => (
                <li key={b.key}>
                  <button class={`dayshift tier${Math.min(b.tier, 3)} ${b.kind}`} onClick={() => show(() => <ShiftDialog block={b} date={b.date} />)}>
                    <b>{hm(b.from, zone)}–{hm(b.to, zone)}</b><Yours from={stamp(b.from)} to={stamp(b.to)} zone={zone} />
                    <span>{b.kind === 'closed' ? w.closed : b.users.map(called).join(', ') || w.nobody}</span>
                    <small>{b.kind === 'interpreter' ? tongues(b) : tier(b.tier)}{b.empty > 0 && <b class="danger"> · {w.empty(b.empty)}</b>}{!b.cell && ` · ${w.week.over}`}{b.shift?.users.some((u) => u.state === 'here') && <b class="ok"> · ✓ {w.states.here}</b>}</small>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
