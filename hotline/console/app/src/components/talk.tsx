// The conversation: who it is, what must be known first, the words, and the field for the answer.
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { take } from '../actions.ts';
import { raised } from '../calling.ts';
import * as clock from '../clock.ts';
import { asksFor, language, since, title, when } from '../format.ts';
import { words } from '../i18n/words.ts';
import { nameOf } from '../people.ts';
import type { Contact } from '../protocol.ts';
import { read, refused } from '../reading.ts';
import { me, model, open, sentence } from '../state.ts';
import { drawer, pane, selected } from '../view.ts';
import { Also } from './also.tsx';
import { Beside, CallFoot, CallLine } from './call.tsx';
import { Composer } from './composer.tsx';
import { Danger, DangerButton } from './danger.tsx';
import { Log } from './log.tsx';

export function TalkPane() {
  const w = words.value.talk, c = open.value, id = selected.value, why = refused.value[id];
  if (!id) return <section class="talk" aria-label={w.log}><div class="empty"><h2>{w.none}</h2><p>{w.noneHelp}</p></div></section>;
  const danger = c?.danger_since ?? raised.value[id];
  if (why || !c) {
    return (
      <section class="talk" aria-label={w.log}><div class="empty">
        <p>{!why ? w.loading : why === 'not_found' ? w.gone : `${w.failed} ${sentence(why)}`}</p>
        {why && <p><button onClick={() => void read(id)}>{words.value.tryAgain}</button></p>}
      </div></section>
    );
  }
  return (
    <section class="talk" aria-label={w.log}>
      <Head c={c} />
      {c.call && <CallLine c={c} k={c.call} />}
      <Also c={c} />
      {danger && <Danger c={c} since={danger} />}
      <Warnings c={c} />
      <Log c={c} />
      <Foot c={c} />
    </section>
  );
}

function Head({ c }: { c: Contact }) {
  clock.minute.value;
  const w = words.value, shown = useSignal(false);
  const facts = [
    c.transfer_to ? w.contact.asked(nameOf(c.transfer_to)) : '',
    c.assignee && c.assignee !== me.value?.id ? w.contact.with(nameOf(c.assignee)) : '',
    c.guess ? w.contact.guessLong(language(c.guess)) : language(c.language),
    asksFor(c),
    c.seen_before ? w.contact.before : '',
    c.call ? w.call.at(when(c.opened_at)) : c.last_inbound_at ? w.contact.heard(since(c.last_inbound_at)) : '',
  ].filter(Boolean);
  return (
    <div class="talkhead">
      <button class="small quiet phone" onClick={() => { pane.value = 'people'; }}>‹ {w.talk.back}</button>
      <div class="names">
        <h2>{shown.value && c.address ? `${w.channel[c.channel]} ${c.address_shown || c.address}` : title(c)}</h2>
        <p class="soft">{facts.join(' · ')}</p>
      </div>
      <DangerButton c={c} />
      {c.address && !c.withheld && <button class="small quiet desk" onClick={() => { shown.value = !shown.value; }}>{shown.value ? w.contact.hide : w.contact.show}</button>}
      <button class="small quiet middle" aria-expanded={drawer.value} onClick={() => { drawer.value = !drawer.value; }}>{w.talk.side}</button>
      <button class="small quiet phone" onClick={() => { pane.value = 'side'; }}>{w.bar.side} ›</button>
    </div>
  );
}

/** Danger is plain: one line each, at the top. */
function Warnings({ c }: { c: Contact }) {
  const w = words.value, danger = model.value.talks[c.id]?.triage.risk === 'immediate' && !c.danger_since;
  return <>
    {danger && <p class="line danger" role="status">{w.triage.danger}</p>}
    {c.stop_word && <p class="line danger" role="status">{w.contact.stop}</p>}
  </>;
}

/** The field for an answer, or why there is none and what to do. */
function Foot({ c }: { c: Contact }) {
  const w = words.value, own = c.assignee === me.value?.id;
  useEffect(() => { if (own && c.state === 'live' && !c.call && matchMedia('(pointer: fine)').matches) document.getElementById('reply')?.focus(); }, [own, c.state]);
  if (c.state === 'closed') return <p class="foot soft">{w.composer.closed}</p>;
  if (c.state !== 'live' || !own) {
    const takeable = c.state !== 'live' || c.overdue;
    return (
      <p class="foot">
        <span>{c.state === 'live' ? w.composer.other(nameOf(c.assignee)) : c.call && !c.call.alive ? w.call.work : w.composer.waits}</span>
        <span class="buttons">
          {c.call?.alive && <Beside c={c} k={c.call} />}
          {takeable && <button class="main" onClick={() => void take(c.id)}>{w.people.take}</button>}
        </span>
      </p>
    );
  }
  if (c.call) return <CallFoot c={c} k={c.call} />;
  return <Composer c={c} />;
}
