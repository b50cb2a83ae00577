// Who changed what, when and why.
import { line, name, useAnswer } from './ask.ts';
import { useZone } from './mine.tsx';
import { Card, Lines, Pending } from './parts.tsx';
import type { Past } from './types.ts';
import { words } from './words.ts';
import { moment } from './zone.ts';

export function HistoryPage() {
  const w = words.value.history, answer = useAnswer('rota.history', { line: line.value }), zone = useZone();
  if (!answer.value) return <Pending fault={answer.fault} again={answer.again} />;
  const all: Past[] = [...answer.value.versions, ...answer.value.changes ?? []].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <div class="column">
      <Lines />
      <Card title={w.title}>
        {all.length === 0 && <p class="soft">{w.none}</p>}
        <ul class="plain rows">
          {all.map((p, i) => (
            <li key={i}><span><b>{p.version ? w.version(p.version) : p.words ?? ''}</b><small>{w.by(name(p.by), moment(p.at, zone))} · {p.reason ? `“${p.reason}”` : w.noReason}</small></span></li>
          ))}
        </ul>
      </Card>
    </div>
  );
}
