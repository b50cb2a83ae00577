// An interpreter by one key: who is on duty for a language is rung on her own phone, and joins the call when she presses her key.
import { signal } from '@preact/signals';
import { interpret, release } from '../calling.ts';
import { language } from '../format.ts';
import { words } from '../i18n/words.ts';
import { nameOf } from '../people.ts';
import type { Call, Contact } from '../protocol.ts';
import { me, sentence } from '../state.ts';
import { layer, say } from '../view.ts';

/** Whether she may ring an interpreter into this call now. */
export function mayInterpret(c: Contact | null): c is Contact {
  const k = c?.call;
  return !!k && c.state === 'live' && k.alive && k.talking_since !== null && (c.assignee === me.value?.id || me.value?.role === 'supervisor');
}

/** Why nobody was rung, by the code of the refusal, as long as the dialog stands. */
export const refused = signal('');

/** One key, from anywhere in the call. While somebody is rung or there it does nothing: letting her go is a button. */
export function ring(c: Contact): void {
  const state = c.call?.interpreter?.state;
  if (state === 'ringing' || state === 'here') return;
  if (!c.language) ask();
  else void start(c.id, c.language);
}

function ask(why = ''): void {
  refused.value = why;
  layer.value = 'interpreter';
}

/** When nobody can be rung, who else could be asked is shown. */
export async function start(contact: string, tongue: string): Promise<boolean> {
  const why = await interpret(contact, tongue);
  if (why === 'not_found' || why === 'conflict') ask(why);
  else if (why) say(sentence(why), true);
  return why === '';
}

/** The switch in the call. */
export function Ring({ c, k }: { c: Contact; k: Call }) {
  const w = words.value.interpreter, i = k.interpreter, can = mayInterpret(c);
  if (i?.state === 'ringing') return <button class="interpret" onClick={() => void release(c.id)}>{w.stop(language(i.language))}</button>;
  if (i?.state === 'here') return <button class="interpret" onClick={() => void release(c.id)}>{w.letGo(nameOf(i.user))}</button>;
  return <button class="interpret" disabled={!can} aria-keyshortcuts="F7" onClick={() => ring(c)}>{c.language ? w.button(language(c.language)) : w.which} <kbd class="desk">F7</kbd></button>;
}

/** How the search stands: who is rung, who came. */
export function standing(k: Call): { text: string; bad: boolean } | null {
  const w = words.value.interpreter, i = k.interpreter;
  if (!i) return null;
  const tongue = language(i.language);
  switch (i.state) {
    case 'ringing': return { text: w.ringing(tongue, i.rung.map(nameOf).join(', ')), bad: false };
    case 'here': return { text: w.here(nameOf(i.user), tongue), bad: false };
    case 'left': return { text: w.left(tongue), bad: true };
    default: return { text: w.nobody(tongue), bad: true };
  }
}
