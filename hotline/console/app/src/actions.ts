// What a counsellor does to people: accept, take, send, read, note, triage, hand over, close.
import { signal } from '@preact/signals';
import * as clock from './clock.ts';
import { draft, write } from './drafts.ts';
import { words } from './i18n/words.ts';
import * as outbox from './outbox.ts';
import * as line from './phone/line.ts';
import type { Contact, Event, Message, Triage } from './protocol.ts';
import { read } from './reading.ts';
import { code, me, model, sentence, wire } from './state.ts';
import { amend, know, type Model } from './store.ts';
import { Refusal } from './wire.ts';
import * as view from './view.ts';

/** Offers that were accepted here and whose answer is not here yet. */
export const accepting = signal<string[]>([]);
const asking = new Set<string>(); // those of them that were asked over this line

export function select(id: string, to: view.Pane = 'talk'): void {
  view.selected.value = id;
  view.pane.value = to;
  view.go('');
  void read(id);
}

export async function accept(id: string): Promise<void> {
  if (asking.has(id)) return;
  asking.add(id);
  if (model.value.contacts[id]?.channel === 'voice') line.expect();
  accepting.value = [...accepting.value.filter((x) => x !== id), id];
  try {
    won((await wire.ask('offer.accept', { contact: id })).contact);
    asking.delete(id);
  } catch (e) {
    asking.delete(id);
    const why = code(e);
    if (why === 'offline' || why === 'doubt') return; // resume asks again
    lost(id);
    line.expectNothing();
    view.say(why === 'conflict' ? words.value.offer.taken : why === 'expired' ? words.value.offer.expired : sentence(why), true, why === 'conflict' ? id : '');
  }
}

function lost(id: string): void {
  accepting.value = accepting.value.filter((x) => x !== id);
  model.value = { ...model.value, offers: model.value.offers.filter((o) => o.contact.id !== id) };
}

function won(c: Contact): void {
  lost(c.id);
  model.value = know(model.value, c);
  view.layer.value = '';
  select(c.id);
  if (view.hidden.value) return;
  view.focus(c.channel === 'voice' ? 'mute' : 'reply');
}

export async function decline(id: string, reason: string): Promise<void> {
  try {
    await wire.ask('offer.decline', { contact: id, reason });
    lost(id);
  } catch (e) {
    view.say(sentence(code(e)), true);
  }
}

/** After a cut: accepts anew what was in doubt, and sends the triage that waits. */
export function resume(): void {
  for (const id of accepting.value.filter((x) => !asking.has(x))) {
    const c = model.value.contacts[id];
    if (c?.state === 'live' && c.assignee === me.value?.id) won(c);
    else if (model.value.offers.some((o) => o.contact.id === id)) void accept(id);
    else { lost(id); view.say(words.value.offer.expired, true, id); }
  }
  for (const id of Object.keys(changes.value)) void flush(id);
}

export async function take(id: string): Promise<void> {
  if (model.value.contacts[id]?.call?.alive) line.expect();
  try {
    won((await wire.ask('contact.take', { contact: id })).contact);
  } catch (e) {
    view.say(sentence(code(e)), true);
  }
}

/** Keeps a colleague from this person, or lets her again. Gives why not, or nothing. */
export async function bar(contact: string, user: string, on: boolean): Promise<string> {
  try {
    model.value = know(model.value, (await wire.ask('contact.bar', { contact, user, on })).contact);
    return '';
  } catch (e) {
    return code(e);
  }
}

export function send(contact: string, text: string): void {
  deliver(outbox.add(contact, text, new Date(clock.now()).toISOString()));
  write('reply', contact, '');
}

/** Asks the server to send one message. The same ref again never sends twice, so doubt is answered by asking again. */
export async function deliver(u: outbox.Unsent): Promise<void> {
  outbox.mark(u.ref, { state: 'sending', code: '', message: '' });
  const args = { contact: u.contact, text: u.text, ref: u.ref, ...(u.safe ? { safe: true } : {}) };
  try {
    arrived(u.contact, (await wire.ask('message.send', args)).message, u.ref);
  } catch (e) {
    const r = e instanceof Refusal ? e : new Refusal('unavailable', '');
    if (r.code === 'offline' || r.code === 'doubt') outbox.mark(u.ref, { state: 'waiting' });
    else outbox.mark(u.ref, { state: r.code === 'unsafe' && r.retry === 'safe' ? 'ask' : 'failed', code: r.code, message: r.message });
  }
}

export function again(u: outbox.Unsent, safe = u.safe): void {
  outbox.mark(u.ref, { safe });
  void deliver({ ...u, safe });
}

/** Puts words into the field, before what stands there. */
export function reuse(contact: string, text: string): void {
  const there = draft('reply', contact);
  write('reply', contact, there ? `${text}\n${there}` : text);
  view.focus('reply');
}

/** Takes an unsent message back into the field. */
export function takeBack(u: outbox.Unsent): void {
  reuse(u.contact, u.text);
  outbox.remove(u.ref);
}

function arrived(contact: string, message: Message, ref: string): void {
  outbox.remove(ref);
  const talk = model.value.talks[contact];
  if (!talk) return;
  const next = amend(talk, { event: 'message.added', seq: 0, data: { contact, message } });
  model.value = { ...model.value, talks: { ...model.value.talks, [contact]: next } };
}

/** What an event means beyond the model: rows that are confirmed, offers that others took. */
export function heard(e: Event, before: Model): void {
  if (e.event === 'message.added' && e.data.message.ref) outbox.remove(e.data.message.ref);
  if (e.event !== 'offer.ended') return;
  const { contact, reason } = e.data;
  const was = before.offers.some((o) => o.contact.id === contact);
  if (!was || accepting.value.includes(contact) && reason === 'accepted') return;
  accepting.value = accepting.value.filter((x) => x !== contact);
  const w = words.value.offer;
  if (reason === 'accepted') view.say(w.taken, false, contact);
  if (reason === 'expired') view.say(w.expired);
  if (reason === 'withdrawn') view.say(w.withdrawn);
}

/** Changes of triage that the server has not confirmed, by contact. They are sent again until it has. */
export const changes = signal<Record<string, Partial<Triage>>>({});
export const triageFault = signal<Record<string, string>>({});

export function triage(contact: string, change: Partial<Triage>): void {
  changes.value = { ...changes.value, [contact]: { ...changes.value[contact], ...change } };
  void flush(contact);
}

async function flush(contact: string): Promise<void> {
  const sent = changes.value[contact];
  if (!sent) return;
  try {
    const { triage } = await wire.ask('triage.set', { contact, ...sent });
    const talk = model.value.talks[contact];
    if (talk) model.value = { ...model.value, talks: { ...model.value.talks, [contact]: { ...talk, triage } } };
    settle(contact, sent, '');
  } catch (e) {
    const why = code(e);
    if (why !== 'offline' && why !== 'doubt') settle(contact, sent, why);
  }
}

/** Forgets the changes that were sent, but not those made since. */
function settle(contact: string, sent: Partial<Triage>, why: string): void {
  const left = Object.entries(changes.value[contact] ?? {}).filter(([k, v]) => sent[k as keyof Triage] !== v);
  const { [contact]: _, ...rest } = changes.value;
  changes.value = left.length ? { ...rest, [contact]: Object.fromEntries(left) } : rest;
  triageFault.value = { ...triageFault.value, [contact]: why };
}

/** Saves a note; resolves to '' or to the code of the refusal. */
export async function addNote(contact: string, text: string, revises: string): Promise<string> {
  try {
    const { note } = await wire.ask('note.add', { contact, text, ...(revises ? { revises } : {}) });
    const talk = model.value.talks[contact];
    if (talk) {
      const next = amend(talk, { event: 'note.added', seq: 0, data: { contact, note } });
      model.value = { ...model.value, talks: { ...model.value.talks, [contact]: next } };
    }
    return '';
  } catch (e) {
    return code(e);
  }
}

export async function transfer(contact: string, to: string, note: string): Promise<string> {
  try {
    await wire.ask('contact.transfer', { contact, to, note });
    return '';
  } catch (e) {
    return code(e);
  }
}

export async function close(contact: string, outcome: string): Promise<string> {
  try {
    await wire.ask('contact.close', { contact, outcome });
    return '';
  } catch (e) {
    return code(e);
  }
}
