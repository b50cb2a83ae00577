// Bringing a colleague into a call, who knows more or speaks the language. She sees no number.
import { useSignal } from '@preact/signals';
import { invite } from '../calling.ts';
import { language } from '../format.ts';
import { words } from '../i18n/words.ts';
import { answers, colleagues } from '../people.ts';
import { me, model, open, sentence } from '../state.ts';
import { say } from '../view.ts';
import { Dialog, shut } from './dialog.tsx';

export default function Invite() {
  const w = words.value.call, c = open.value, who = useSignal(''), fault = useSignal('');
  if (!c) return null;
  const id = c.id, speaks = (languages: string[]) => c.language !== '' && languages.includes(c.language);
  const people = colleagues((u) => u.id !== me.value?.id && u.id !== c.assignee && answers(u) && !c.call?.legs.some((l) => l.user === u.id && l.state !== 'over'))
    .sort((a, b) => Number(speaks(b.languages)) - Number(speaks(a.languages)) || Number(b.state === 'available') - Number(a.state === 'available'));
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    fault.value = await invite(id, who.value);
    if (fault.value) return;
    shut();
    say(w.rung(model.value.users[who.value]?.name ?? ''));
  }
  return (
    <Dialog title={w.inviteTitle} plain={people.length === 0}>
      <form onSubmit={submit}>
        <p class="soft">{people.length === 0 ? w.nobody : w.inviteHelp}</p>
        <fieldset class="choices">
          <legend class="unseen">{w.inviteTitle}</legend>
          {people.map((u, i) => (
            <label key={u.id}><input type="radio" name="who" value={u.id} autofocus={i === 0} checked={who.value === u.id} onChange={() => { who.value = u.id; }} />
              <span><b>{u.name}</b><small>{words.value.presence[u.state]}{u.languages.length > 0 && ` · ${u.languages.map(language).join(', ')}`}</small></span></label>
          ))}
        </fieldset>
        {fault.value && <p class="line danger" role="alert">{sentence(fault.value)}</p>}
        <p class="right buttons"><button type="button" onClick={shut}>{words.value.cancel}</button><button class="main" disabled={!who.value}>{w.ring}</button></p>
      </form>
    </Dialog>
  );
}
