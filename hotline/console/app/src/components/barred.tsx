// Who is not for this person: never asked for them again, whatever they come back with.
import { useSignal } from '@preact/signals';
import { bar } from '../actions.ts';
import { words } from '../i18n/words.ts';
import { answers, colleagues, nameOf } from '../people.ts';
import type { Contact } from '../protocol.ts';
import { sentence } from '../state.ts';

export function Barred({ c }: { c: Contact }) {
  const w = words.value.barred, fault = useSignal(''), barred = c.barred ?? [];
  const people = colleagues((u) => answers(u) || u.role === 'interpreter');
  const names = barred.map(nameOf);
  return (
    <details class="barred">
      <summary>{names.length > 0 ? w.some(names.join(', ')) : w.none}</summary>
      <p class="soft">{c.withheld ? w.helpWithheld : w.help}</p>
      {people.map((u) => (
        <label key={u.id} class="check"><input type="checkbox" checked={barred.includes(u.id)}
          onChange={async (e) => { fault.value = await bar(c.id, u.id, e.currentTarget.checked); }} /><span>{u.name}</span></label>
      ))}
      {fault.value && <p class="line danger" role="alert">{sentence(fault.value)}</p>}
    </details>
  );
}
