// What is known now, as signals, and the line that it comes over.
import { computed, effect, signal } from '@preact/signals';
import * as clock from './clock.ts';
import { words } from './i18n/words.ts';
import { nothing, ofDuty, type Alarm, type Model } from './store.ts';
import { Refusal, Wire, type Link } from './wire.ts';
import { heeded, selected } from './view.ts';

export type Gate = 'loading' | 'login' | 'enrol' | 'in';

export const gate = signal<Gate>('loading');
/** Why the log-in page is shown: the first visit, or a session that ended. */
export const ended = signal(false);
export const link = signal<Link>('stopped');
export const model = signal<Model>(nothing);
/** The server says away although this page had said available. */
export const forced = signal(false);

export const me = computed(() => model.value.me);
export const open = computed(() => model.value.contacts[selected.value] ?? null);

/** Offers that still ring: the server has not ended them and their time is not long over. */
export const offers = computed(() => {
  clock.second.value;
  return model.value.offers.filter((o) => Date.parse(o.expires_at) + 3_000 > clock.now());
});

/** Seconds count while somebody is offered, talks, or is in danger. */
effect(() => {
  const c = open.value;
  clock.counting.value = model.value.offers.length > 0 || c?.call?.alive === true || !!c?.danger_since;
});

/** Somebody in need goes before who should be there, and a bulletin waits for both; then the oldest. */
const place = (a: Alarm) => `${a.bulletin ? 3 : !ofDuty(a) ? 0 : a.kind === 'nobody' ? 1 : 2}${a.since}`;

/** Who has to be looked at, in that order; not those who are hers already. */
export const alarms = computed(() => Object.values(model.value.alarms)
  .filter((a) => model.value.contacts[a.contact]?.assignee !== me.value?.id)
  .sort((a, b) => place(a).localeCompare(place(b))));
/** Those that she has not seen yet in this page. */
export const unheeded = computed(() => alarms.value.filter((a) => !heeded.value.includes(alarmKey(a))));

/** One alarm, told apart from a later one about the same person or line. */
export function alarmKey(a: Alarm): string {
  return `${a.contact} ${a.user ?? ''} ${a.kind} ${a.line ?? ''} ${a.since}`;
}

export const wire = new Wire(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`);

export function code(e: unknown): string {
  return e instanceof Refusal ? e.code : 'unavailable';
}

/** The sentence for a refusal. */
export function sentence(why: string): string {
  return words.value.errors[why] ?? words.value.errors['unavailable'] ?? why;
}
