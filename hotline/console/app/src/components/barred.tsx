// Who is not for this person: never asked for them again, whatever they come back with.
import { useSignal } from '@preact/signals';
import { bar } from '../actions.ts';
import { words } from '../i18n/words.ts';
import type { Contact } from '../protocol.ts';
import { answers } from '../people.ts';
import { model, sentence } from '../state.ts';

export function Barred({ c }: { c: Contact }) {
  const w = words.value.barred, fault = useSignal(''), barred = c.barred ?? [];
  const people = Object.values(model.value.users).filter((u) => answers(u) || u.role === 'interpreter').sort((a, b) => a.name.localeCompare(b.name));
  const names = barred.map((id) => model.value.users[id]?.name ?? words.value.dash);
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
