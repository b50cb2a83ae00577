// Times, spans and names as people say them.
import { now } from './clock.ts';
import { lang, words } from './i18n/words.ts';
import type { Contact, Media } from './protocol.ts';

/** Hours and minutes, in the zone of the machine. */
export function hm(at: string): string {
  return new Intl.DateTimeFormat(lang.value, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));
}

/** The time of today, with its day before it when it is another. */
export function when(at: string): string {
  return dayOf(at) === new Date(now()).toDateString() ? hm(at) : `${dayName(at)} ${hm(at)}`;
}

/** A key for the calendar day, so that a separator stands between two of them. */
export function dayOf(at: string): string {
  return new Date(at).toDateString();
}

export function dayName(at: string): string {
  const day = new Date(at), today = new Date(now()), before = new Date(now());
  before.setDate(before.getDate() - 1);
  if (day.toDateString() === today.toDateString()) return words.value.talk.today;
  if (day.toDateString() === before.toDateString()) return words.value.talk.yesterday;
  return new Intl.DateTimeFormat(lang.value, { weekday: 'long', day: 'numeric', month: 'long' }).format(day);
}

/** Seconds as minutes or hours; never finer than a minute. */
export function span(seconds: number): string {
  const w = words.value.duration, minutes = Math.floor(seconds / 60);
  if (minutes < 1) return w.moment;
  if (minutes < 60) return w.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? w.hours(hours, minutes % 60) : w.days(Math.floor(hours / 24));
}

/** Minutes and seconds since a moment, as a clock shows them: where seconds count. */
export function ticking(at: string): string {
  const s = Math.max(0, Math.floor((now() - Date.parse(at)) / 1000)), h = Math.floor(s / 3600);
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
}

export function since(at: string | null): string {
  return span(at ? Math.max(0, (now() - Date.parse(at)) / 1000) : 0);
}

/** Seconds that are left until a moment, never below nought. */
export function until(at: string): number {
  return Math.max(0, (Date.parse(at) - now()) / 1000);
}

const names = new Map<string, Intl.DisplayNames>();

/** The name of a language by its code, in the language of the page. */
export function language(code: string): string {
  if (!code) return '';
  const l = lang.value, own = words.value.languages[code];
  if (own) return own;
  if (!names.has(l)) names.set(l, new Intl.DisplayNames(l, { type: 'language' }));
  try { return names.get(l)?.of(code) ?? code; } catch { return code; }
}

/** A contact's language: known, or guessed from the words and shown as a guess. */
export function tongue(c: Contact): string {
  return c.guess ? words.value.contact.guess(language(c.guess)) : language(c.language);
}

/** Whom the person asked for, if that is not anybody. */
export function asksFor(c: Contact): string {
  const w = words.value.contact;
  return c.asks_for === 'woman' ? w.asksWoman : c.asks_for === 'man' ? w.asksMan : '';
}

/** What the same person wrote or called besides, as far as this page knows: contacts of one number, by any channel. */
export function besides(c: Contact, all: Contact[]): Contact[] {
  const number = (x: Contact) => x.address.slice(x.address.indexOf(':') + 1);
  if (c.withheld || !c.address) return [];
  return all.filter((x) => x.id !== c.id && !x.withheld && x.address !== '' && number(x) === number(c))
    .sort((a, b) => b.opened_at.localeCompare(a.opened_at));
}

/** How long somebody waits for an answer by a human. */
export function wait(c: Contact): string {
  return since(c.waiting_since ?? c.opened_at);
}

/** The last figures tell people apart at a glance; the whole number is shown only when asked for. */
export function tail(c: Contact): string {
  const w = words.value.contact;
  if (c.withheld) return w.withheld;
  if (!c.address) return `#${c.id.slice(-4)}`;
  return w.ending(c.address.replace(/[^\p{L}\p{N}]/gu, '').slice(-4));
}

export function title(c: Contact): string {
  return `${words.value.channel[c.channel]} ${tail(c)}`;
}

/** A picture or recording in words. */
export function thing(m: Media): string {
  const w = words.value.message, kind = m.type.split('/')[0];
  const what = kind === 'image' ? w.picture : kind === 'audio' ? w.voice : kind === 'video' ? w.film : w.file;
  return m.lost ? w.lost(what) : m.size > 0 ? what : w.notFetched(what);
}
