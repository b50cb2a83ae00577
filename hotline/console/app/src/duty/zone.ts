// The wall clock of a rota's zone. One rule, as the server's: a reading is the first instant at which the clock shows it
// or a later one. A reading is written as milliseconds of UTC at which a clock of UTC would show the same.
import { lang } from '../i18n/words.ts';

export const minute = 60_000, hour = 60 * minute, day = 24 * hour;

const clocks = new Map<string, Intl.DateTimeFormat>();

function clock(zone: string): Intl.DateTimeFormat {
  let c = clocks.get(zone);
  if (!c) {
    const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
    c = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', { timeZone: zone, hourCycle: 'h23', era: 'short', ...parts });
    clocks.set(zone, c);
  }
  return c;
}

/** What the clock of a zone shows at an instant. */
export function shown(at: number, zone: string): number {
  const p: Record<string, number> = {};
  for (const { type, value } of clock(zone).formatToParts(at)) p[type] = Number(value);
  return Date.UTC(p['year']!, p['month']! - 1, p['day']!, p['hour']!, p['minute']!, p['second']!);
}

/** The instant of a reading. */
export function instant(reading: number, zone: string): number {
  const whole = Math.floor(reading / 1000) * 1000;
  const offset = (at: number) => shown(at, zone) - Math.floor(at / 1000) * 1000;
  const tries = [...new Set([whole - offset(whole - day), whole - offset(whole + day)])].sort((a, b) => a - b);
  for (const at of tries) if (shown(at, zone) === whole) return at;
  let before = whole - 2 * day, after = whole + 2 * day; // the clock leaves the reading out: the instant of the change
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (shown(middle, zone) >= whole) after = middle;
    else before = middle;
  }
  return after;
}

/** "2026-11-23" as a reading, so many minutes into the day. */
export function reading(date: string, minutes = 0): number {
  return Date.parse(`${date}T00:00:00Z`) + minutes * minute;
}

export function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The date that the clock of a zone shows. */
export function today(at: number, zone: string): string {
  return dateOf(shown(at, zone));
}

export function plus(date: string, days: number): string {
  return dateOf(reading(date) + days * day);
}

/** 1 is Monday. */
export function weekday(date: string): number {
  return (new Date(reading(date)).getUTCDay() + 6) % 7 + 1;
}

export function monday(date: string): string {
  return plus(date, 1 - weekday(date));
}

/** A day from its first instant to the first of the next: 23, 24 or 25 hours, or whatever a country decides. */
export function bounds(date: string, zone: string): { from: number; to: number } {
  return { from: instant(reading(date), zone), to: instant(reading(date, 24 * 60), zone) };
}

/** "08:00" as minutes; "24:00" is the whole day. */
export function minutes(time: string): number {
  const [h, m] = time.split(':');
  return Number(h) * 60 + Number(m);
}

export function time(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function said(at: number, form: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(lang.value === 'en' ? 'en-GB' : lang.value, { ...form, timeZone: 'UTC' }).format(at);
}

export const longDay = (date: string) => said(reading(date), { weekday: 'long', day: 'numeric', month: 'long' });
export const shortDay = (date: string) => said(reading(date), { weekday: 'short', day: 'numeric', month: 'short' });
export const dayOnly = (date: string) => said(reading(date), { day: 'numeric', month: 'long', year: 'numeric' });
export const weekdayName = (n: number) => said(reading('2026-11-23') + (n - 1) * day, { weekday: 'long' });

/** Hours and minutes that the clock of a zone shows. */
export function hm(at: number | string, zone: string): string {
  return dateTime(at, zone).slice(11, 16);
}

function dateTime(at: number | string, zone: string): string {
  return new Date(shown(typeof at === 'string' ? Date.parse(at) : at, zone)).toISOString();
}

/** "Mon 23 Nov 20:00", by the clock of a zone. */
export function moment(at: number | string, zone: string): string {
  return `${shortDay(dateTime(at, zone).slice(0, 10))} ${hm(at, zone)}`;
}

/** The end of what begins at a moment: its day is said when the two are further apart than a night. */
export function till(from: number, to: string, zone: string): string {
  return Date.parse(to) - from < day ? hm(to, zone) : moment(to, zone);
}

/** Whether the clocks of two zones show the same at these times. */
export function sameClock(zone: string, other: string, ...at: string[]): boolean {
  return at.every((t) => shown(Date.parse(t), zone) === shown(Date.parse(t), other));
}

/** A zone by its city: "Copenhagen". */
export function city(zone: string): string {
  return zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');
}

/** "Mon 23 Nov 20:00–08:00". */
export function stretch(from: string, to: string, zone: string): string {
  return `${moment(from, zone)}–${till(Date.parse(from), to, zone)}`;
}
