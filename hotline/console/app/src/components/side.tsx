// Triage and notes beside the talk, and the two ways to end it. Whoever may read may add, also just after the end.
import { words } from '../i18n/words.ts';
import { me, model, open } from '../state.ts';
import { drawer, layer, pane } from '../view.ts';
import { Barred } from './barred.tsx';
import { Notes } from './notes.tsx';
import { TriageForm } from './triage.tsx';

export function Side() {
  const w = words.value, c = open.value, talk = c ? model.value.talks[c.id] : undefined;
  if (!c || !talk) return <section class="side bare" aria-label={w.talk.side} />;
  const own = c.assignee === me.value?.id;
  return (
    <section class="side" aria-label={w.talk.side}>
      <div class="scroll">
        <p class="sidehead phone"><button class="small quiet" onClick={() => { pane.value = 'talk'; }}>‹ {w.bar.talk}</button></p>
        <p class="sidehead middle"><button class="small quiet" onClick={() => { drawer.value = false; }}>{w.close}</button></p>
        <TriageForm contact={c.id} triage={talk.triage} guess={c.guess} call={c.channel === 'voice'} />
        <Barred c={c} />
        <Notes contact={c.id} notes={talk.notes} />
      </div>
      {own && c.state === 'live' && (
        <p class="ends">
          <button onClick={() => { layer.value = 'transfer'; }}>{w.transfer.button}</button>
          <button onClick={() => { layer.value = 'close'; }}>{w.end.button}</button>
        </p>
      )}
    </section>
  );
}
