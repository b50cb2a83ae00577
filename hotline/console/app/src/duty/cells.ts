// A grid that is being changed. Moving by hand, by keys and by the dialog are the same few functions of wall-clock minutes.
import type { Rota, Slot } from './types.ts';
import { minutes, time } from './zone.ts';

/** One slot with a name that stays while it is moved; was is how the saved rota has it, null for a new one. */
export interface Cell {
  key: string;
  slot: Slot;
  was: Slot | null;
}

export const aDay = 24 * 60, aWeek = 7 * aDay;
/** Edits snap to this, in minutes. */
export const step = 30;

/** A slot's length by the wall clock. */
export function length(s: Slot): number {
  const start = minutes(s.start), end = minutes(s.end);
  return end <= start ? end + aDay - start : end - start;
}

/** Minutes from the first Monday of the cycle to a slot's start. */
export function place(s: Slot): number {
  return s.week * aWeek + (s.day - 1) * aDay + minutes(s.start);
}

function put(s: Slot, at: number, long: number, weeks: number): Slot {
  const cycle = weeks * aWeek, p = ((at % cycle) + cycle) % cycle, start = p % aDay, end = start + long;
  return {
    ...s, week: Math.floor(p / aWeek), day: Math.floor(p % aWeek / aDay) + 1,
    start: time(start), end: end === aDay ? '24:00' : time(end % aDay),
  };
}

/** So many minutes later, or earlier; it keeps its length and goes round the cycle. */
export function move(s: Slot, by: number, weeks: number): Slot {
  return put(s, place(s) + by, length(s), weeks);
}

/** A longer or shorter shift, from half an hour to a day, by its end or its start. */
export function resize(s: Slot, edge: 'start' | 'end', by: number, weeks: number): Slot {
  const long = length(s), next = Math.min(aDay, Math.max(step, edge === 'end' ? long + by : long - by));
  return put(s, edge === 'end' ? place(s) : place(s) + long - next, next, weeks);
}

export const highest = 9;

/** Whoever interprets is in no tier, and stays so. */
export function lift(s: Slot, by: number): Slot {
  if (s.kind === 'interpreter') return s;
  return { ...s, tier: Math.min(highest, Math.max(1, s.tier + by)) };
}

/** The cells of a saved rota. A slot without an id is called by the place where it stands, as the server does. */
export function cellsOf(r: Rota): Cell[] {
  const taken = new Set(r.slots.flatMap((s) => s.id ? [s.id] : []));
  return r.slots.map((s) => {
    let key = s.id ?? '';
    if (!key) {
      const kind = s.kind && s.kind !== 'duty' ? `-${s.kind}` : '', plain = `${s.week}-${s.day}-${s.start.replace(':', '')}-${s.tier}${kind}`;
      key = plain;
      for (let n = 2; taken.has(key); n++) key = `${plain}-${n}`;
      taken.add(key);
    }
    return { key, slot: s, was: s };
  });
}

/** The same cells with other slots: those of a draft, told apart by their names. */
export function drafted(saved: Cell[], draft: Rota): Cell[] {
  const was = new Map(saved.map((c) => [c.key, c.was]));
  return cellsOf(draft).map((c) => ({ ...c, was: was.get(c.key) ?? null }));
}

export function changed(c: Cell): boolean {
  return !c.was || JSON.stringify(c.was) !== JSON.stringify(c.slot);
}

/** How many slots differ from the saved ones: changed, new and gone. */
export function changes(saved: Cell[], now: Cell[]): number {
  const left = new Set(now.map((c) => c.key));
  return now.filter(changed).length + saved.filter((c) => !left.has(c.key)).length;
}
