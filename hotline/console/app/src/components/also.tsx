// The same number elsewhere: a person who calls may have written a moment ago.
import { select } from '../actions.ts';
import * as clock from '../clock.ts';
import { besides, since } from '../format.ts';
import { words } from '../i18n/words.ts';
import type { Contact } from '../protocol.ts';
import { model } from '../state.ts';
import { standing } from './call.tsx';

const most = 3;

export function Also({ c }: { c: Contact }) {
  clock.minute.value;
  const w = words.value, found = besides(c, Object.values(model.value.contacts)).slice(0, most);
  if (found.length === 0) return null;
  const says = (x: Contact) => [
    w.channel[x.channel], x.call ? standing(x, x.call) : w.state[x.state], w.contact.ago(since(x.last_inbound_at ?? x.opened_at)),
  ].join(', ');
  return (
    <p class="also">
      <span class="soft">{w.contact.also}</span>
      {found.map((x) => <button key={x.id} class="text" onClick={() => select(x.id)}>{says(x)}</button>)}
    </p>
  );
}
