// Tests of the pure parts, run in the browser by units_test.go: it reads the failures that are left in globalThis.
import type { Contact, Delivery, Hello, Message } from '../src/protocol.ts';
import { besides, ticking } from '../src/format.ts';
import { closest, phrases } from '../src/phrases.ts';
import { questions } from '../src/questions.ts';
import { count } from '../src/segments.ts';
import { amend, apply, know, listed, merge, nothing, opened, type Model, type Talk } from '../src/store.ts';
import { failures, same } from './same.ts';

// Parts of an SMS: text, alphabet, units, parts, left in the last part.
const sms: [string, string, number, number, number][] = [
  ['', 'GSM-7', 0, 0, 160],
  ['hello', 'GSM-7', 5, 1, 155],
  ['æøåÆØÅ é à ü ß ñ Ω', 'GSM-7', 18, 1, 142],
  ['a'.repeat(160), 'GSM-7', 160, 1, 0],
  ['a'.repeat(161), 'GSM-7', 161, 2, 145],
  ['a'.repeat(306), 'GSM-7', 306, 2, 0],
  ['a'.repeat(307), 'GSM-7', 307, 3, 152],
  ['€', 'GSM-7', 2, 1, 158],
  ['^{}\\[~]|€', 'GSM-7', 18, 1, 142],
  ['€'.repeat(80), 'GSM-7', 160, 1, 0],
  // 153 is odd: the doubled character that would lie across two parts goes whole into the next
  ['€'.repeat(81), 'GSM-7', 162, 2, 143],
  ['a'.repeat(152) + '€' + 'a'.repeat(20), 'GSM-7', 174, 2, 131],
  ['line\nbreak\r\n', 'GSM-7', 12, 1, 148],
  ['ç', 'UCS-2', 1, 1, 69],
  ['“quoted”', 'UCS-2', 8, 1, 62],
  ['ț', 'UCS-2', 1, 1, 69],
  ['я'.repeat(70), 'UCS-2', 70, 1, 0],
  ['я'.repeat(71), 'UCS-2', 71, 2, 63],
  ['🙂', 'UCS-2', 2, 1, 68],
  ['🙂'.repeat(35), 'UCS-2', 70, 1, 0],
  // 67 is odd: an emoji never lies across two parts
  ['🙂'.repeat(36), 'UCS-2', 72, 2, 61],
  ['ฉ'.repeat(134), 'UCS-2', 134, 2, 0],
  ['ฉ'.repeat(135), 'UCS-2', 135, 3, 66],
];
for (const [text, alphabet, units, parts, left] of sms) {
  same(`count(${text.slice(0, 12)}… of ${text.length})`, count(text), { alphabet, units, parts, left });
}

const message = (id: string, at: number, status: Delivery | '' = ''): Message => ({
  id, direction: status ? 'out' : 'in', text: id, media: [], at: new Date(at * 1000).toISOString(), by: '', status, ref: '', error: null,
});
const contact = (id: string, more: Partial<Contact> = {}): Contact => ({
  id, version: 1, channel: 'sms', state: 'waiting', work: 'contact', line: '', address: '', address_shown: '', withheld: false, seen_before: false,
  language: '', guess: '', stop_word: false, priority: 0, assignee: '', preferred: '', transfer_to: '', opened_at: '', waiting_since: null,
  last_inbound_at: null, reply_by: null, unread: 0, overdue: false, can_reply: true, outcome: '', danger_since: null, call: null, ...more,
});
const triage = { risk: 'unknown', safe_now: 'unknown', about: 'unknown', language: 'unknown', gender: 'unknown', age_band: 'unknown', heard_from: 'unknown', asks_for: 'unknown', if_dropped: 'unknown' };
const talk = (...messages: Message[]): Talk => ({ messages, notes: [], triage, more: false, fresh: true });
const ids = (t: Talk | undefined) => t?.messages.map((m) => m.id).join(' ');

// Messages: by id, in the order of time, the same again changes nothing.
same('merge out of order', merge([message('b', 2)], [message('a', 1), message('c', 3), message('b', 2)]).map((m) => m.id), ['a', 'b', 'c']);

// Delivery goes up only; a delivery that is proved beats a failure.
const steps: [Delivery, Delivery, Delivery][] = [
  ['queued', 'sent', 'sent'], ['delivered', 'sent', 'delivered'], ['read', 'delivered', 'read'], ['sent', 'failed', 'failed'],
  ['failed', 'sent', 'failed'], ['failed', 'delivered', 'delivered'], ['delivered', 'failed', 'delivered'],
];
for (const [from, news, want] of steps) {
  const t = amend(talk(message('m', 1, from)), { event: 'message.status', seq: 1, data: { contact: 'c', message: 'm', status: news, error: null } });
  same(`${from} then ${news}`, t.messages[0]?.status, want);
}

// A file that came changes the message that it came with, and no other.
const came = (id: string) => amend(talk(message('m', 1)), {
  event: 'message.changed', seq: 1, data: { contact: 'c', message: { ...message(id, 1), media: [{ id: 'f', type: 'audio/mpeg', size: 7, lost: false }] } },
});
same('a file of what is shown', came('m').messages.map((m) => m.media[0]?.size), [7]);
same('a file of what is not shown', came('old').messages.map((m) => m.media.length), [0]);

// What happened while a talk was read is laid over the answer, whether the answer knew it or not.
const late = { event: 'message.added' as const, seq: 2, data: { contact: 'c', message: message('late', 9) } };
const read = { contact: contact('c', { state: 'live' }), messages: [message('a', 1)], notes: [], triage };
same('opened, event after', ids(opened(nothing, read, 50, [late]).talks['c']), 'a late');
same('opened, event within', ids(opened(nothing, { ...read, messages: [...read.messages, late.data.message] }, 50, [late]).talks['c']), 'a late');
same('opened whole', opened(nothing, read, 1, []).talks['c']?.more, true);

// A contact that is older than the one known is not taken; whoever is live waits no more.
let m: Model = know(nothing, contact('c', { version: 3 }));
same('waits', m.waiting, ['c']);
m = know(m, contact('c', { version: 2, state: 'closed' }));
same('older version', m.contacts['c']?.state, 'waiting');
m = know(m, contact('c', { version: 4, state: 'live' }));
same('waits no more', m.waiting, []);

// The list of the line replaces those who wait, and only those.
m = listed(know(know(nothing, contact('old')), contact('live', { state: 'live' })), [contact('new')]);
same('line', [m.waiting, Object.keys(m.contacts).sort()], [['new'], ['live', 'new']]);

// A hello replaces all; what was closed here stays in the list, talks have to be read again.
const hello: Hello = {
  user: { id: 'u', name: 'U', role: 'counsellor', languages: [], state: 'away', voice: 'none' }, users: [], contacts: [contact('mine', { state: 'live' })],
  offers: [{ contact: contact('offered', { state: 'offered' }), expires_at: '' }], others: [contact('late', { state: 'live', overdue: true })],
  queue: { waiting: 1, longest_wait_s: 5 }, now: '', rota_saved: true, on_duty_note: '', degraded: false,
};
m = know(know(nothing, contact('gone', { state: 'live' })), contact('done', { state: 'closed' }));
m = apply({ ...m, talks: { gone: talk() } }, { event: 'hello', seq: 1, data: hello }, 0);
same('after hello', [Object.keys(m.contacts).sort(), m.offers.length, m.talks['gone']?.fresh], [['done', 'late', 'mine', 'offered'], 1, false]);
m = apply(m, { event: 'offer.ended', seq: 2, data: { contact: 'offered', reason: 'expired' } }, 0);
same('offer ended', m.offers.length, 0);

// Alarms: one stands until its danger is over or its caller is taken; a hello brings those that are open.
const chief = { ...hello.user, role: 'supervisor' as const };
const alarm = (kind: 'danger' | 'waiting') => ({ event: 'alarm' as const, seq: 3, data: { contact: 'c', kind, since: '2026-11-24T02:00:00.000Z' } });
const kinds = (x: Model) => Object.values(x.alarms).map((a) => `${a.contact} ${a.kind}`);
const looks = { ...nothing, me: chief };
m = know(apply(looks, alarm('danger'), 0), contact('c', { version: 2, state: 'live', danger_since: '2026-11-24T02:00:00.000Z' }));
same('danger', kinds(m), ['c danger']);
same('danger over', kinds(know(m, contact('c', { version: 3, state: 'live' }))), []);
same('an older word of it', kinds(know(m, contact('c', { version: 1 }))), ['c danger']);
m = know(apply(looks, alarm('waiting'), 0), contact('c', { version: 2 }));
same('still waits', kinds(m), ['c waiting']);
same('was taken', kinds(know(m, contact('c', { version: 3, state: 'live' }))), []);
m = apply(looks, { event: 'hello', seq: 1, data: { ...hello, user: chief, others: [contact('late', { state: 'live', danger_since: '2026-11-24T02:00:00.000Z' })] } }, 0);
same('in a hello', kinds(m), ['late danger']);
m = apply(nothing, { event: 'hello', seq: 1, data: { ...hello, contacts: [contact('mine', { state: 'live', danger_since: '2026-11-24T02:00:00.000Z' })] } }, 0);
same('for a counsellor', kinds(m), []);

// What stands of the rota comes with a hello, and takes the place of what stood before; a repeated word of now is one.
const gap = (since: string, from: string) => ({ contact: '', kind: 'gap' as const, since, line: '*', from });
m = apply(apply(looks, { event: 'alarm', seq: 1, data: gap('2026-11-24T02:00:00.000Z', '2026-11-24T02:00:00.000Z') }, 0), alarm('waiting'), 0);
m = apply(m, { event: 'alarm', seq: 2, data: gap('2026-11-24T02:10:00.000Z', '2026-11-24T02:10:00.000Z') }, 0);
m = apply(m, { event: 'alarm', seq: 3, data: gap('2026-11-24T02:10:00.000Z', '2026-11-24T04:10:00.000Z') }, 0);
const stood = (x: Model) => Object.values(x.alarms).map((a) => `${a.kind} ${a.from ?? ''}`.trim()).sort();
same('gaps', stood(m), ['gap 2026-11-24T02:10:00.000Z', 'gap 2026-11-24T04:10:00.000Z', 'waiting']);
const later = gap('2026-11-24T03:00:00.000Z', '2026-11-24T05:00:00.000Z');
same('a hello takes their place', stood(apply(m, { event: 'hello', seq: 4, data: { ...hello, user: chief, alarms: [later] } }, 0)), ['gap 2026-11-24T05:00:00.000Z', 'waiting']);

// One number is the same by any channel; a withheld one is nobody's, and an unknown one nothing's.
const numbers = [
  contact('call', { address: '+4551235512' }), contact('whatsapp', { address: 'whatsapp:+4551235512', opened_at: '2026' }), contact('other', { address: '+4551235513' }),
  contact('hidden', { address: '+4551235512', withheld: true }), contact('masked'),
];
for (const [of, want] of [['call', ['whatsapp']], ['whatsapp', ['call']], ['other', []], ['hidden', []], ['masked', []]] as [string, string[]][]) {
  same(`besides ${of}`, besides(numbers.find((c) => c.id === of)!, numbers).map((c) => c.id), want);
}

// Seconds where they count.
for (const [seconds, want] of [[0, '0:00'], [41, '0:41'], [127, '2:07'], [3_661, '1:01:01'], [-5, '0:00']] as [number, string][]) {
  same(`ticking ${seconds}`, ticking(new Date(Date.now() - seconds * 1000 - 200).toISOString()), want);
}

// Questions are spoken aloud beside somebody who may listen.
for (const q of questions) {
  if (/https?:|www|hotline|traffick|police|hope|politi/i.test(JSON.stringify(q))) failures.push(`the question ${q.id} tells too much`);
}

// Phrases say nothing that tells on anybody, in any language that can be read here.
for (const p of phrases) {
  const all = JSON.stringify(p);
  if (/https?:|www|hotline|traffick|police|hope/i.test(all)) failures.push(`the phrase ${p.id} tells too much`);
}
same('closest to a language without phrases', closest('ar'), 'en');

Object.assign(globalThis, { failures });
