// An interpreter by one key: who is on duty for a language is rung on her own phone, and joins the call when she presses her key.
import { useEffect } from 'preact/hooks';
import { signal, useSignal } from '@preact/signals';
import { interpret, release } from '../calling.ts';
import { hm, language } from '../format.ts';
import { words } from '../i18n/words.ts';
import { answers } from '../people.ts';
import type { Call, Contact, Standby } from '../protocol.ts';
import { code, me, model, open, sentence, wire } from '../state.ts';
import { layer, say } from '../view.ts';
import { Dialog, shut } from './dialog.tsx';

const name = (id: string) => model.value.users[id]?.name ?? words.value.dash;

/** Whether she may ring an interpreter into this call now. */
export function mayInterpret(c: Contact | null): c is Contact {
  const k = c?.call;
  return !!k && c.state === 'live' && k.alive && k.talking_since !== null && (c.assignee === me.value?.id || me.value?.role === 'supervisor');
}

/** Why nobody was rung, by contact, as long as the dialog stands. */
const refused = signal('');

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
async function start(contact: string, tongue: string): Promise<boolean> {
  const why = await interpret(contact, tongue);
  if (why === 'not_found' || why === 'conflict') ask(words.value.interpreter.none[why](language(tongue)));
  else if (why) say(sentence(why), true);
  return why === '';
}

/** The switch in the call. */
export function Ring({ c, k }: { c: Contact; k: Call }) {
  const w = words.value.interpreter, i = k.interpreter, can = mayInterpret(c);
  if (i?.state === 'ringing') return <button class="interpret" onClick={() => void release(c.id)}>{w.stop(language(i.language))}</button>;
  if (i?.state === 'here') return <button class="interpret" onClick={() => void release(c.id)}>{w.letGo(name(i.user))}</button>;
  return <button class="interpret" disabled={!can} aria-keyshortcuts="F7" onClick={() => ring(c)}>{c.language ? w.button(language(c.language)) : w.which} <kbd class="desk">F7</kbd></button>;
}

/** How the search stands: who is rung, who came. */
export function standing(k: Call): { text: string; bad: boolean } | null {
  const w = words.value.interpreter, i = k.interpreter;
  if (!i) return null;
  const tongue = language(i.language);
  switch (i.state) {
    case 'ringing': return { text: w.ringing(tongue, i.rung.map(name).join(', ')), bad: false };
    case 'here': return { text: w.here(name(i.user), tongue), bad: false };
    case 'left': return { text: w.left(tongue), bad: true };
    default: return { text: w.nobody(tongue), bad: true };
  }
}

/** Which language: shown for each who is on duty. And when nobody is, who else could be asked. */
export function Interpreters() {
  const w = words.value.interpreter, c = open.value, tongue = useSignal(c?.language ?? ''), fault = useSignal('');
  const standby = useSignal<Standby[] | null>(null);
  useEffect(() => {
    if (c) wire.ask('rota.on_call', { line: c.line }).then((r) => { standby.value = r.interpreters; }, (e) => { fault.value = sentence(code(e)); });
  }, [c?.line]);
  if (!mayInterpret(c)) return null;
  const id = c.id, by = byLanguage(standby.value ?? []), only = by.length === 1 ? by[0]![0] : '';
  const chosen = tongue.value || only, there = by.some(([l]) => l === chosen);
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    refused.value = '';
    if (await start(id, chosen)) shut();
  }
  return (
    <Dialog title={w.title} plain={by.length === 0}>
      <form onSubmit={submit}>
        {refused.value && <p class="line warn" role="alert">{refused.value}</p>}
        <Colleagues c={c} />
        <p class="soft">{standby.value === null && !fault.value ? w.looking : by.length === 0 ? w.nobodyOn : w.help}</p>
        <fieldset class="choices">
          <legend class="unseen">{w.title}</legend>
          {by.map(([l, people], n) => (
            <label key={l}><input type="radio" name="language" value={l} autofocus={there ? l === chosen : n === 0} checked={chosen === l} onChange={() => { tongue.value = l; }} />
              <span><b>{language(l)}</b><small>{people.map((s) => w.until(s.user.name, hm(s.until))).join(', ')}</small></span></label>
          ))}
        </fieldset>
        {fault.value && <p class="line danger" role="alert">{fault.value}</p>}
        <p class="right buttons">
          <button type="button" onClick={() => { layer.value = 'invite'; }}>{words.value.call.invite}</button>
          <button type="button" onClick={shut}>{words.value.cancel}</button>
          <button class="main" disabled={!there}>{w.ring}</button>
        </p>
      </form>
    </Dialog>
  );
}

/** Colleagues who speak the contact's language, when nobody could be rung: they are asked by the same dialog as ever. */
function Colleagues({ c }: { c: Contact }) {
  const w = words.value.interpreter;
  const people = Object.values(model.value.users).filter((u) => answers(u) && u.id !== me.value?.id && u.id !== c.assignee && c.language !== '' && u.languages.includes(c.language));
  return refused.value && people.length > 0 ? <p>{w.colleagues(people.map((u) => u.name).join(', '), language(c.language))}</p> : null;
}

function byLanguage(all: Standby[]): [string, Standby[]][] {
  const found = new Map<string, Standby[]>();
  for (const s of all) for (const l of s.languages) found.set(l, [...found.get(l) ?? [], s]);
  return [...found].sort((a, b) => language(a[0]).localeCompare(language(b[0])));
}
