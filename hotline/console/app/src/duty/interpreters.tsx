// Who is on duty as an interpreter: asked when nobody knows the language yet, or when nobody could be rung for it.
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { Dialog, shut } from '../components/dialog.tsx';
import { mayInterpret, refused, start } from '../components/interpreter.tsx';
import { hm, language } from '../format.ts';
import { words as all } from '../i18n/words.ts';
import { answers, colleagues } from '../people.ts';
import type { Contact, Standby } from '../protocol.ts';
import { code, me, open, sentence, wire } from '../state.ts';
import { layer } from '../view.ts';
import { words } from './words.ts';

/** Which language: shown for each who is on duty. And when nobody is, who else could be asked. */
export default function Interpreters() {
  const w = words.value.interpreters, c = open.value, tongue = useSignal(c?.language ?? ''), fault = useSignal('');
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
        {refused.value && <p class="line warn" role="alert">{refused.value === 'conflict' ? w.busy(language(c.language)) : w.none(language(c.language))}</p>}
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
          <button type="button" onClick={() => { layer.value = 'invite'; }}>{all.value.call.invite}</button>
          <button type="button" onClick={shut}>{all.value.cancel}</button>
          <button class="main" disabled={!there}>{w.ring}</button>
        </p>
      </form>
    </Dialog>
  );
}

/** Colleagues who speak the contact's language, when nobody could be rung: they are asked by the same dialog as ever. */
function Colleagues({ c }: { c: Contact }) {
  const w = words.value.interpreters;
  const people = colleagues((u) => answers(u) && u.id !== me.value?.id && u.id !== c.assignee && c.language !== '' && u.languages.includes(c.language));
  return refused.value && people.length > 0 ? <p>{w.colleagues(people.map((u) => u.name).join(', '), language(c.language))}</p> : null;
}

function byLanguage(all: Standby[]): [string, Standby[]][] {
  const found = new Map<string, Standby[]>();
  for (const s of all) for (const l of s.languages) found.set(l, [...found.get(l) ?? [], s]);
  return [...found].sort((a, b) => language(a[0]).localeCompare(language(b[0])));
}
