// The reserved strip: the offer that rings, else the one thing worth knowing now. It keeps its height, so nothing jumps.
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { accept, accepting, decline } from '../actions.ts';
import * as clock from '../clock.ts';
import { asksFor, span, ticking, title, tongue, until, wait } from '../format.ts';
import { words } from '../i18n/words.ts';
import { rings } from '../phone/line.ts';
import type { Offer } from '../protocol.ts';
import { setPresence } from '../session.ts';
import { audible, unlock } from '../sound.ts';
import { forced, link, me, model, offers } from '../state.ts';
import { notice } from '../view.ts';
import { Incoming } from './phone.tsx';

export function Strip() {
  const w = words.value, offer = offers.value[0];
  return (
    <section class="strip" aria-label={w.offer.title}>
      {offer ? <Ringing key={offer.contact.id} offer={offer} more={offers.value.length - 1} />
        : rings.value ? <Incoming key={rings.value} leg={rings.value} /> : <Rest />}
      <Announce offer={offer} />
    </section>
  );
}

/** Says each offer once, with its seconds, to who hears the page. */
function Announce({ offer }: { offer: Offer | undefined }) {
  const said = useSignal('');
  useEffect(() => {
    const w = words.value;
    said.value = offer ? w.offer.announce(w.channel[offer.contact.channel], Math.round(until(offer.expires_at))) : '';
  }, [offer?.contact.id]);
  return <p class="unseen" role="alert">{said.value}</p>;
}

export function Ringing({ offer, more }: { offer: Offer; more: number }) {
  clock.second.value;
  const w = words.value.offer, c = offer.contact, all = words.value, asking = useSignal(false);
  const busy = accepting.value.includes(c.id);
  const facts = [
    c.priority >= 20 ? all.contact.urgent : '',
    c.stop_word ? all.contact.stopShort : '',
    c.work !== 'contact' ? all.work[c.work] : '',
    tongue(c),
    asksFor(c) && me.value?.gender !== c.asks_for ? `${asksFor(c)}: ${all.contact.askAgain}` : asksFor(c),
    c.call?.silent ? all.call.silent : '',
    c.call?.dropped ? all.call.droppedShort : '',
    w.waited(c.call?.alive ? ticking(c.waiting_since ?? c.opened_at) : wait(c)),
    c.seen_before ? all.contact.before : '',
    more > 0 ? w.more(more) : '',
  ].filter(Boolean);
  return (
    <div class="ringing">
      <div class="what">
        <strong class="desk">{w.title}</strong>
        <strong class="phone" aria-hidden="true">{all.channel[c.channel]} · {w.left(Math.ceil(until(offer.expires_at)))}</strong>
        <span><span class="desk">{all.channel[c.channel]} · </span>{facts.join(' · ')}</span>
      </div>
      <span class="left desk" aria-hidden="true">{w.left(Math.ceil(until(offer.expires_at)))}</span>
      {busy
        ? <span class="busy">{link.value === 'online' ? w.taking : w.again}</span>
        : <>
          <button class="no" aria-expanded={asking.value} onClick={() => { asking.value = !asking.value; }}>{w.decline}</button>
          <button class="yes" onClick={() => void accept(c.id)}>{w.accept} <kbd class="desk">F2</kbd></button>
        </>}
      {asking.value && !busy && <Reasons contact={c.id} close={() => { asking.value = false; }} />}
    </div>
  );
}

/** What is sent as the reason, by the key of its words. */
const reasons = { busy: 'hands full', break: 'needs a break', language: 'does not speak the language', known: 'may know the person', other: 'other' } as const;

function Reasons({ contact, close }: { contact: string; close(): void }) {
  const w = words.value.offer;
  return (
    <div class="float reasons" role="group" aria-label={w.why} onKeyDown={(e) => { if (e.key === 'Escape') close(); }}>
      <p>{w.why}</p>
      {(Object.keys(reasons) as (keyof typeof reasons)[]).map((key, i) => (
        <button key={key} class="text" autofocus={i === 0} onClick={() => { close(); void decline(contact, reasons[key]); }}>{w.reasons[key]}</button>
      ))}
    </div>
  );
}

/** The line in words, for the strip and for the page before the shift. */
export function queueWords(): string {
  clock.minute.value;
  const w = words.value.queue, m = model.value, q = m.queue;
  if (q.waiting === 0) return w.none;
  return w.some(q.waiting, span(q.longest_wait_s + Math.max(0, clock.now() - m.queueAt) / 1000));
}

function Rest() {
  const w = words.value, m = model.value, said = notice.value;
  if (said) return <p class={`say ${said.bad ? 'warn' : ''}`} role="status">{noticeWords(said)}</p>;
  if (link.value !== 'online') return <p class="say warn">{w.link.cut}</p>;
  if (forced.value) {
    return <p class="say warn">{w.presence.forced} <button onClick={() => void setPresence({ state: 'available' })}>{w.presence.back}</button></p>;
  }
  if (!audible.value) return <p class="say"><button class="alarm" onClick={() => void unlock()}>{w.sound.off}</button></p>;
  if (m.degraded) return <p class="say warn">{w.link.degraded}</p>;
  const away = me.value?.state !== 'available';
  return (
    <p class="say soft">
      <span>{queueWords()}</span> <span>{away ? w.queue.away : w.queue.rings}</span> <span class="desk">{duty()}</span>
    </p>
  );
}

/** Who is on duty, when no rota says it. */
export function duty(): string {
  return model.value.rotaSaved ? model.value.note : words.value.queue.noRota;
}

/** Who took an offer is known a moment later, with the contact itself. */
function noticeWords(n: { text: string; contact: string }): string {
  const c = n.contact ? model.value.contacts[n.contact] : undefined;
  const by = c?.assignee ? model.value.users[c.assignee] : undefined;
  if (!by) return n.text;
  return by.id === me.value?.id ? title(c!) : words.value.offer.takenBy(by.name);
}
