// The command box: type a few letters, press Enter.
import { useSignal } from '@preact/signals';
import { select } from '../actions.ts';
import { danger } from '../calling.ts';
import { draft, write } from '../drafts.ts';
import { language, title } from '../format.ts';
import { lang, words } from '../i18n/words.ts';
import { closed, mine, overdue, waiting } from '../people.ts';
import { closest, phrases } from '../phrases.ts';
import { setPresence } from '../session.ts';
import { me, open } from '../state.ts';
import { focus, hidden, layer } from '../view.ts';
import { mayInterpret, ring } from './interpreter.tsx';
import { Dialog, shut } from './dialog.tsx';
import { called, takeNext } from './people.tsx';

interface Entry {
  label: string;
  match: string;
  act(): void;
}

/** All that can be done now; phrases only once something was typed, they would fill the list. */
function entries(typed: boolean): Entry[] {
  const w = words.value.finder, c = open.value, list: Entry[] = [];
  const add = (label: string, act: () => void, match = label) => list.push({ label, match: match.toLowerCase(), act });
  for (const x of [...mine.value, ...closed.value]) {
    add(w.goTo(title(x)), () => { select(x.id); focus('reply'); }, `${w.goTo('')} ${called(x)}`);
  }
  if (overdue.value.length + waiting.value.length > 0) add(w.take, takeNext);
  if (c?.state === 'live' && c.assignee === me.value?.id) {
    add(words.value.transfer.button, () => { layer.value = 'transfer'; });
    add(words.value.end.button, () => { layer.value = 'close'; });
    if (mayInterpret(c)) add(c.language ? words.value.interpreter.button(language(c.language)) : words.value.interpreter.which, () => ring(c));
    if (!c.danger_since) add(words.value.danger.title, () => danger(c));
    if (c.can_reply) {
      add(words.value.phrases.title, () => { layer.value = 'phrases'; });
      for (const p of typed ? phrases : []) {
        add(w.phrase(p[lang.value]), () => {
          const there = draft('reply', c.id), text = p[closest(c.language || c.guess)];
          write('reply', c.id, there ? `${there.trimEnd()} ${text}` : text);
          focus('reply');
        });
      }
    }
  }
  if (me.value?.state === 'available') add(w.away, () => void setPresence({ state: 'away' }));
  else add(w.available, () => void setPresence({ state: 'available' }));
  add(w.cannotNow, () => { layer.value = 'relief'; });
  add(w.hide, () => { hidden.value = true; });
  add(words.value.keys.title, () => { layer.value = 'keys'; });
  add(words.value.me.title, () => { layer.value = 'me'; });
  return list;
}

export function Finder() {
  const w = words.value.finder, typed = useSignal(''), at = useSignal(0);
  const parts = typed.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries(parts.length > 0).filter((e) => parts.every((p) => e.match.includes(p))).slice(0, 9);
  const here = Math.min(at.value, found.length - 1);
  function run(e: Entry | undefined) {
    if (!e) return;
    shut();
    e.act();
  }
  function key(e: KeyboardEvent) {
    if (e.isComposing) return;
    if (e.key === 'Enter') { e.preventDefault(); run(found[here]); }
    const to = { ArrowDown: here + 1, ArrowUp: here - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    at.value = Math.max(0, Math.min(found.length - 1, to));
  }
  return (
    <Dialog title={w.title}>
      <p class="field">
        <label for="find">{w.label}</label>
        <input id="find" type="text" autofocus autocomplete="off" spellcheck={false} role="combobox" aria-expanded={true} aria-controls="found"
          aria-autocomplete="list" {...(here >= 0 ? { 'aria-activedescendant': `found-${here}` } : {})}
          value={typed.value} onInput={(e) => { typed.value = e.currentTarget.value; at.value = 0; }} onKeyDown={key} />
      </p>
      <ul class="plain found" id="found" role="listbox" aria-label={w.title}>
        {found.map((e, i) => (
          <li key={e.label} id={`found-${i}`} role="option" aria-selected={i === here} class={i === here ? 'here' : ''} onClick={() => run(e)}>{e.label}</li>
        ))}
      </ul>
      {found.length === 0 && <p class="soft" role="status">{w.none}</p>}
    </Dialog>
  );
}
