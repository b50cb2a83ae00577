// One counsellor at one page: logs in, opens the line, and spreads what comes over it.
import { effect } from '@preact/signals';
import { deliver, heard, resume } from './actions.ts';
import * as api from './api.ts';
import { raiseAgain } from './calling.ts';
import * as clock from './clock.ts';
import * as drafts from './drafts.ts';
import { belongTo, wipe } from './keep.ts';
import * as outbox from './outbox.ts';
import type { Event, Hello, Presence, User, Voice } from './protocol.ts';
import { forget, jot, read, recount, refresh } from './reading.ts';
import * as sound from './sound.ts';
import { code, ended, forced, gate, link, me, model, sentence, wire } from './state.ts';
import { apply, nothing } from './store.ts';
import type { Link } from './wire.ts';
import * as view from './view.ts';

let wish: Presence | null = null; // what this page last asked for

wire.on = { hello: welcome, event: happened, link: linked, session: signedIn };

async function signedIn(): Promise<boolean | undefined> {
  const { status } = await api.session();
  return status === 401 ? false : status === 200 ? true : undefined;
}

function welcome(h: Hello): void {
  clock.set(h.now);
  if (me.value?.id !== h.user.id) adopt(h.user);
  forget();
  view.news.value++;
  model.value = apply(model.value, { event: 'hello', seq: 0, data: h }, clock.now());
  forced.value = wish === 'available' && h.user.state === 'away';
  if (h.user.state === 'available') view.started.value = true;
  if (view.selected.value) void read(view.selected.value);
  void refresh();
  for (const u of outbox.due()) void deliver(u);
  resume();
  raiseAgain();
}

/** Lets the others know whether this page would be heard: once the line is open, and when it changes. */
effect(() => {
  if (link.value === 'online') wire.ask('sound.set', { state: sound.sounding.value }).catch(() => { /* it is told when the line is back */ });
});

/** A user for whom this page did not work before. */
function adopt(user: User): void {
  belongTo(user.id);
  outbox.restore();
  drafts.restore();
  model.value = nothing;
  view.selected.value = '';
  view.started.value = false;
  wish = null;
}

function happened(e: Exclude<Event, { event: 'hello' }>): void {
  jot(e);
  const before = model.value;
  model.value = apply(before, e, clock.now());
  if (/^(duty|swap|handover|page)\./.test(e.event)) view.news.value++;
  if (e.event === 'presence.changed' && e.data.user === before.me?.id) forced.value = false;
  if (e.event === 'queue.changed' || e.event === 'contact.changed') recount();
  heard(e, before);
}

function linked(l: Link): void {
  link.value = l;
  if (l !== 'signed_out') return;
  sound.hush();
  ended.value = true;
  gate.value = 'login';
}

export async function setPresence(change: { state?: Presence; voice?: Voice }): Promise<void> {
  try {
    const p = await wire.ask('presence.set', change);
    wish = p.state;
    forced.value = false;
    const user = me.value?.id ?? '';
    model.value = apply(model.value, { event: 'presence.changed', seq: 0, data: { user, ...p } }, clock.now());
  } catch (e) {
    view.say(sentence(code(e)), true);
  }
}

/** Finds out who is here and opens the line, or the log-in. */
export async function begin(): Promise<void> {
  const s = await api.session();
  if (s.status === 200) enter(s.body?.enrol === true);
  else if (s.status === 401) gate.value = 'login';
  else setTimeout(() => void begin(), 2_000);
}

export function enter(enrol: boolean): void {
  gate.value = enrol ? 'enrol' : 'in';
  if (!enrol) wire.start();
}

export async function leave(): Promise<void> {
  wire.stop();
  sound.hush();
  await api.logout();
  wipe();
  location.replace('/');
}
