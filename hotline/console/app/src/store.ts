// What the server said, as one value; pure functions from the last value and an event to the next.
import type { Alarm, Contact, Delivery, Event, Events, Hello, Message, Note, Offer, Opened, Queue, Triage, User } from './protocol.ts';

/** The words of one contact, as far as they were asked for. */
export interface Talk {
  messages: Message[];
  notes: Note[];
  triage: Triage;
  /** there may be earlier messages on the server */
  more: boolean;
  /** read since the last hello, so that events keep it exact */
  fresh: boolean;
}

export interface Model {
  me: User | null;
  users: Record<string, User>;
  contacts: Record<string, Contact>;
  offers: Offer[];
  queue: Queue;
  /** when queue was said, for counting on; milliseconds */
  queueAt: number;
  /** ids in the order in which they will be offered */
  waiting: string[];
  talks: Record<string, Talk>;
  note: string;
  rotaSaved: boolean;
  degraded: boolean;
  /** for supervisors: what has to be looked at, by what it is about */
  alarms: Record<string, Alarm>;
}

export type { Alarm };

export const nothing: Model = {
  me: null, users: {}, contacts: {}, offers: [], queue: { waiting: 0, longest_wait_s: 0 }, queueAt: 0, waiting: [],
  talks: {}, note: '', rotaSaved: true, degraded: false, alarms: {},
};

/** The events that touch an open talk; kept while its answer is on the way, and applied again over it. */
export type TalkEvent = Extract<Event, { data: { contact: string } }>;

/** Replaces all that the server knows. What was closed in this page stays listed; talks stay until they are read again. */
export function welcome(m: Model, h: Hello, now: number): Model {
  const contacts: Record<string, Contact> = {};
  for (const c of Object.values(m.contacts)) if (c.state === 'closed') contacts[c.id] = c;
  for (const o of h.offers) contacts[o.contact.id] = o.contact;
  for (const c of h.others ?? []) contacts[c.id] = c;
  for (const c of h.contacts) contacts[c.id] = c;
  // What stands of the rota the server says anew; the rest was told once, and is kept.
  let alarms = Object.fromEntries([...Object.values(m.alarms).filter((a) => !ofDuty(a)), ...h.alarms ?? []].map((a) => [about(a), a]));
  for (const c of Object.values(contacts)) alarms = alarmed(alarms, c, h.user);
  const talks: Record<string, Talk> = {};
  for (const [id, t] of Object.entries(m.talks)) talks[id] = { ...t, fresh: false };
  return {
    me: h.user, users: Object.fromEntries(h.users.map((u) => [u.id, u])), contacts, offers: h.offers, queue: h.queue,
    queueAt: now, waiting: [], talks, note: h.on_duty_note ?? '', rotaSaved: h.rota_saved, degraded: h.degraded ?? false, alarms,
  };
}

export function apply(m: Model, e: Event, now: number): Model {
  switch (e.event) {
    case 'hello': return welcome(m, e.data, now);
    case 'offer.made': return {
      ...know(m, e.data.contact),
      offers: [...m.offers.filter((o) => o.contact.id !== e.data.contact.id), e.data],
    };
    case 'offer.ended': return { ...m, offers: m.offers.filter((o) => o.contact.id !== e.data.contact) };
    case 'contact.changed': return know(m, e.data.contact);
    case 'alarm': return { ...m, alarms: { ...m.alarms, [about(e.data)]: e.data } };
    case 'queue.changed': return { ...m, queue: e.data, queueAt: now };
    case 'presence.changed': return present(m, e.data);
    case 'system.changed':
      return { ...m, degraded: e.data.degraded, rotaSaved: e.data.rota_saved ?? m.rotaSaved, note: e.data.on_duty_note ?? m.note };
    case 'duty.changed': case 'swap.changed': case 'handover.added': case 'page.tested': return m; // whoever shows duties asks again
    default: return change(m, e.data.contact, (t) => amend(t, e));
  }
}

/** One contact as it now is, unless a newer one is known. Whoever no longer waits leaves the line. */
export function know(m: Model, c: Contact): Model {
  if ((m.contacts[c.id]?.version ?? 0) > c.version) return m;
  const waits = c.state === 'waiting' || c.state === 'offered';
  const listed = m.waiting.includes(c.id);
  let waiting = m.waiting;
  if (waits && !listed) waiting = [...waiting, c.id];
  if (!waits && listed) waiting = waiting.filter((id) => id !== c.id);
  return { ...m, contacts: { ...m.contacts, [c.id]: c }, waiting, alarms: alarmed(m.alarms, c, m.me) };
}

/** What an alarm is about: a contact, a colleague, or the house; of duties to come there may be several about one of them. */
function about(a: Alarm): string {
  return ofDuty(a) ? `${a.kind} ${a.user ?? ''} ${a.line ?? ''} ${toCome(a) ? a.from : ''}` : a.contact || a.user || a.kind;
}

/** Whether it was not so yet when it was told. */
export function toCome(a: Alarm): boolean {
  return (a.from ?? '') > a.since;
}

/** Whether an alarm is about who should be there, and not about somebody in need. */
export function ofDuty(a: Alarm): boolean {
  return ['gap', 'nobody', 'relieved', 'not_here'].includes(a.kind) || !!a.bulletin;
}

/** Alarms after a contact was told: danger that is or is over, a person who was taken, a caller who is gone. */
function alarmed(alarms: Record<string, Alarm>, c: Contact, me: User | null): Record<string, Alarm> {
  const old = alarms[c.id], { [c.id]: _, ...rest } = alarms;
  if (c.danger_since && me?.role === 'supervisor') {
    return old?.kind === 'danger' ? alarms : { ...rest, [c.id]: { contact: c.id, kind: 'danger', since: c.danger_since } };
  }
  const done = c.state === 'closed', taken = done || (c.state === 'live' && !c.overdue);
  const over = old?.kind === 'danger' || (old?.kind === 'waiting' && (taken || c.call?.alive === false)) || ((old?.kind === 'urgent' || old?.kind === 'unfit') && taken) || done;
  return old && over ? rest : alarms;
}

/** The line as the server lists it; it replaces what was known of those who wait. */
export function listed(m: Model, line: Contact[]): Model {
  const contacts: Record<string, Contact> = {};
  for (const c of Object.values(m.contacts)) {
    if (c.state === 'live' || c.state === 'closed' || m.offers.some((o) => o.contact.id === c.id)) contacts[c.id] = c;
  }
  for (const c of line) contacts[c.id] = c;
  return { ...m, contacts, waiting: line.map((c) => c.id) };
}

function present(m: Model, p: Events['presence.changed']): Model {
  const user = m.users[p.user];
  const is = { state: p.state, voice: p.voice, not_answering: p.not_answering ?? false };
  const users = user ? { ...m.users, [p.user]: { ...user, ...is } } : m.users;
  const me = m.me && m.me.id === p.user ? { ...m.me, ...is } : m.me;
  const { [p.user]: _, ...answered } = m.alarms;
  return { ...m, users, me, alarms: is.not_answering ? m.alarms : answered };
}

function change(m: Model, contact: string, f: (t: Talk) => Talk): Model {
  const talk = m.talks[contact];
  return talk ? { ...m, talks: { ...m.talks, [contact]: f(talk) } } : m;
}

/** One event on one talk. The same event again changes nothing. */
export function amend(t: Talk, e: Event): Talk {
  switch (e.event) {
    case 'message.added': return { ...t, messages: merge(t.messages, [e.data.message]) };
    case 'message.changed': // of one that is not loaded it would leave a gap before it
      return t.messages.some((x) => x.id === e.data.message.id) ? { ...t, messages: merge(t.messages, [e.data.message]) } : t;
    case 'message.status': return { ...t, messages: t.messages.map((x) => x.id === e.data.message ? advance(x, e.data) : x) };
    case 'note.added': return t.notes.some((n) => n.id === e.data.note.id) ? t : { ...t, notes: [...t.notes, e.data.note] };
    case 'triage.changed': return { ...t, triage: e.data.triage };
    default: return t;
  }
}

const rank: Record<Delivery | '', number> = { '': 0, queued: 1, sent: 2, failed: 3, delivered: 4, read: 5 };

function advance(m: Message, s: { status: Delivery; error?: Message['error'] }): Message {
  return rank[s.status] >= rank[m.status] ? { ...m, status: s.status, error: s.error ?? null } : m;
}

/** Adds messages by id; of one that is there already the further delivery stays. New ones keep the order of time. */
export function merge(have: Message[], more: Message[]): Message[] {
  const all = new Map(have.map((x) => [x.id, x]));
  for (const x of more) {
    const old = all.get(x.id);
    all.set(x.id, old && rank[old.status] > rank[x.status] ? { ...x, status: old.status, error: old.error } : x);
  }
  return [...all.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** A talk as the server gave it, then whatever happened while the answer was on its way. */
export function opened(m: Model, o: Opened, limit: number, since: TalkEvent[]): Model {
  const talk: Talk = { messages: o.messages, notes: o.notes, triage: o.triage, more: o.messages.length >= limit, fresh: true };
  return { ...know(m, o.contact), talks: { ...m.talks, [o.contact.id]: since.reduce(amend, talk) } };
}

/** Earlier messages, put before those that are shown. */
export function earlier(m: Model, o: Opened, limit: number): Model {
  return change(m, o.contact.id, (t) => ({ ...t, messages: merge(t.messages, o.messages), more: o.messages.length >= limit }));
}
