// What the page shows, apart from what it knows: who is open, which pane, which layer.
import { signal } from '@preact/signals';

export type Pane = 'people' | 'talk' | 'side' | 'me';
export type Layer = '' | 'transfer' | 'close' | 'phrases' | 'finder' | 'keys' | 'me' | 'logout' | 'invite' | 'interpreter' | 'safe' | 'duty' | 'relief';

/** A page beside the conversations, by the hash of its address: '' is the conversations themselves. */
export type Place = '' | 'mine' | 'wishes' | 'week' | 'fill' | 'swaps' | 'fairness' | 'team' | 'days' | 'rules' | 'history' | 'wall';

const places: readonly string[] = ['mine', 'wishes', 'week', 'fill', 'swaps', 'fairness', 'team', 'days', 'rules', 'history', 'wall'];

function hashed(): Place {
  const h = location.hash.slice(1);
  return places.includes(h) ? h as Place : '';
}

export const place = signal<Place>(hashed());
addEventListener('hashchange', () => { place.value = hashed(); });

/** Goes to a page; the browser's way back leads here again. */
export function go(to: Place): void {
  if (place.value === to) return;
  if (to) location.hash = to;
  else history.pushState(null, '', location.pathname);
  place.value = to;
}

/** Rises with every word about duties, so that whoever shows them asks again. */
export const news = signal(0);

/** The contact that is open, or ''. */
export const selected = signal('');
/** The one pane of a narrow screen. */
export const pane = signal<Pane>('people');
/** On a middle screen: triage and notes stand where the people stood. */
export const drawer = signal(false);
export const layer = signal<Layer>('');
export const hidden = signal(false);
/** Alarms that a supervisor has seen: they stay in words, and sound no more. */
export const heeded = signal<string[]>([]);
/** The counsellor went past the page before the shift. */
export const started = signal(false);

/** A sentence that stays for five seconds where the offers come. */
export const notice = signal<{ text: string; contact: string; bad: boolean } | null>(null);

let timer = 0;

export function say(text: string, bad = false, contact = ''): void {
  notice.value = { text, contact, bad };
  clearTimeout(timer);
  timer = setTimeout(() => { notice.value = null; }, 5_000);
}

/** Puts the cursor into the field of that id once it is there. */
export function focus(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
}
