// Who changed what, when and why.
import { line, name, useAnswer, useZone } from './ask.ts';
import { Card, Lines, Pending } from './parts.tsx';
import type { Past } from './types.ts';
import { words } from './words.ts';
import { longDay, moment } from './zone.ts';

/** What was done, in words; a shift is told by its day, which its id holds. */
function what(p: Past): string {
  const w = words.value.history, day = p.shift.split('/')[2] ?? '';
  if (p.version) return w.version(p.version);
  const does = w.does[p.kind] ?? p.kind, who = [p.user && name(p.user), p.with && name(p.with)].filter(Boolean).join(' → ');
  return [day && longDay(day), does, who].filter(Boolean).join(' · ');
}

export function HistoryPage() {
  const w = words.value.history, answer = useAnswer('rota.history', { line: line.value }), zone = useZone();
  if (!answer.value) return <Pending fault={answer.fault} again={answer.again} />;
  const all: Past[] = [...answer.value.versions, ...answer.value.changes].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <div class="column">
      <Lines />
      <Card title={w.title}>
        {all.length === 0 && <p class="soft">{w.none}</p>}
        <ul class="plain rows">
          {all.map((p, i) => (
            <li key={i}><span><b>{what(p)}</b><small>{w.by(p.by === 'system' ? w.system : name(p.by), moment(p.at, zone))}{p.cause && ` · ${w.causes[p.cause] ?? p.cause}`} · {p.reason ? `“${p.reason}”` : w.noReason}{p.ended && ` · ${w.ended(moment(p.ended, zone))}`}</small></span></li>
          ))}
        </ul>
      </Card>
    </div>
  );
}
