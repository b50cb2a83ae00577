// The two dialogs that end a talk for her: to a colleague or the queue, or closed with an outcome.
import { useSignal } from '@preact/signals';
import { close, transfer } from '../actions.ts';
import { draft } from '../drafts.ts';
import { language, title } from '../format.ts';
import { words } from '../i18n/words.ts';
import { unsent } from '../outbox.ts';
import { answers, colleagues } from '../people.ts';
import { me, model, open, sentence } from '../state.ts';
import { pane, say } from '../view.ts';
import { Dialog, shut } from './dialog.tsx';

export function Transfer() {
  const w = words.value.transfer, c = open.value, to = useSignal('queue'), fault = useSignal('');
  if (!c) return null;
  const id = c.id;
  const others = colleagues((u) => u.id !== me.value?.id && answers(u))
    .sort((a, b) => Number(b.state === 'available') - Number(a.state === 'available'));
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    const note = String(new FormData(e.currentTarget as HTMLFormElement).get('note') ?? '');
    const why = await transfer(id, to.value, note);
    fault.value = why;
    if (why) return;
    shut();
    pane.value = 'people';
    say(to.value === 'queue' ? w.done : w.asked(model.value.users[to.value]?.name ?? ''));
  }
  return (
    <Dialog title={w.title}>
      <form onSubmit={submit}>
        <p class="soft">{title(c)}</p>
        <fieldset class="choices">
          <legend>{w.to}</legend>
          <label><input type="radio" name="to" value="queue" autofocus checked={to.value === 'queue'} onChange={() => { to.value = 'queue'; }} />
            <span><b>{w.queue}</b><small>{w.queueHelp}</small></span></label>
          {others.map((u) => (
            <label key={u.id}><input type="radio" name="to" value={u.id} checked={to.value === u.id} onChange={() => { to.value = u.id; }} />
              <span><b>{u.name}</b><small>{words.value.presence[u.state]}{u.languages.length > 0 && ` · ${u.languages.map(language).join(', ')}`}</small></span></label>
          ))}
        </fieldset>
        <p class="field"><label for="handover">{w.note}</label><textarea id="handover" name="note" rows={3} dir="auto" /></p>
        {fault.value && <p class="line danger" role="alert">{sentence(fault.value)}</p>}
        <p class="right buttons"><button type="button" onClick={shut}>{words.value.cancel}</button><button class="main">{w.submit}</button></p>
      </form>
    </Dialog>
  );
}

/** What is kept as the outcome, by the key of its words; her own words follow it. */
const outcomes = {
  helped: 'information or support given', referred: 'referred', emergency: 'emergency services involved', case: 'goes on as a case',
  silent: 'fell silent', scope: 'out of scope', wrong: 'wrong number, test or prank', other: '',
} as const;

export function Close() {
  const w = words.value.end, c = open.value, choice = useSignal<keyof typeof outcomes | ''>(''), own = useSignal(''), fault = useSignal('');
  if (!c) return null;
  const id = c.id, left = draft('reply', id) !== '' || draft('note', id) !== '' || unsent.value.some((u) => u.contact === id);
  const outcome = choice.value === '' ? '' : [outcomes[choice.value], own.value.trim()].filter(Boolean).join(': ');
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    const why = await close(id, outcome);
    fault.value = why;
    if (why) return;
    shut();
    pane.value = 'people';
    say(w.done);
  }
  return (
    <Dialog title={w.title}>
      <form onSubmit={submit}>
        <p class="soft">{title(c)}. {w.note}</p>
        {left && <p class="line warn">{w.unsent}</p>}
        <fieldset class="choices">
          <legend>{w.outcome}</legend>
          {(Object.keys(outcomes) as (keyof typeof outcomes)[]).map((key, i) => (
            <label key={key}><input type="radio" autofocus={i === 0} name="outcome" value={key} checked={choice.value === key} onChange={() => { choice.value = key; }} /><span>{w.choices[key]}</span></label>
          ))}
        </fieldset>
        <p class="field"><label for="own">{w.more}</label><textarea id="own" rows={2} dir="auto" value={own.value} onInput={(e) => { own.value = e.currentTarget.value; }} /></p>
        {fault.value && <p class="line danger" role="alert">{sentence(fault.value)}</p>}
        <p class="right buttons"><button type="button" onClick={shut}>{words.value.cancel}</button><button class="main" disabled={outcome === ''}>{w.submit}</button></p>
      </form>
    </Dialog>
  );
}
