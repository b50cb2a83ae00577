// The pointer in the grid: where it is in time, and what a drag becomes when it is let go.
import { signal } from '@preact/signals';
import { chief } from './ask.ts';
import { length, lift, move, resize, step } from './cells.ts';
import * as edit from './edit.ts';
import type { Block, Day } from './week.ts';
import { minute, minutes, reading, shown } from './zone.ts';

/** A new shift that is being drawn. */
export const drawing = signal<{ date: string; tier: number; from: number; to: number } | null>(null);

type Grip = 'move' | 'start' | 'end';

/** A press that moved so far, in pixels, is a drag and no press. */
const still = 4;

let moved = false;

/** Whether the press that just ended was a drag: then nothing is opened. */
export function wasDrag(): boolean {
  return moved;
}

interface Spot {
  at: number;
  tier: number;
  date: string;
}

/** The instant and lane under the pointer; most is how much time a whole lane is wide. */
function spot(e: PointerEvent, days: Day[], most: number): Spot | null {
  const lane = document.elementsFromPoint(e.clientX, e.clientY).find((x): x is HTMLElement => x instanceof HTMLElement && x.matches('.lane'));
  const day = days.find((d) => d.date === lane?.dataset['date']);
  if (!lane || !day) return null;
  const box = lane.getBoundingClientRect(), within = (e.clientX - box.left) / box.width * most;
  return { at: day.from + Math.min(day.long, Math.max(0, within)), tier: Number(lane.dataset['tier']), date: day.date };
}

const snap = (ms: number) => Math.round(ms / minute / step) * step;

/** Follows the pointer until it is let go or taken away. */
function follow(e: PointerEvent, on: (e: PointerEvent) => void, end: (done: boolean) => void): void {
  const from = { x: e.clientX, y: e.clientY };
  moved = false;
  const go = (m: PointerEvent) => {
    if (m.pointerId !== e.pointerId) return;
    if (Math.abs(m.clientX - from.x) + Math.abs(m.clientY - from.y) > still) moved = true;
    if (moved) on(m);
  };
  const over = (m: PointerEvent | KeyboardEvent) => {
    if (m instanceof KeyboardEvent ? m.key !== 'Escape' : m.pointerId !== e.pointerId) return;
    removeEventListener('pointermove', go);
    for (const x of ['pointerup', 'pointercancel'] as const) removeEventListener(x, over);
    removeEventListener('keydown', over);
    end(moved && m.type === 'pointerup');
  };
  addEventListener('pointermove', go);
  for (const x of ['pointerup', 'pointercancel'] as const) addEventListener(x, over);
  addEventListener('keydown', over);
}

/** Takes hold of a block, by its middle or one of its ends. */
export function grab(e: PointerEvent, block: Block, days: Day[], most: number, zone: string): void {
  const cell = block.cell, first = spot(e, days, most);
  if (!chief() || !cell || !first || e.button !== 0) return;
  const grip = ((e.target as HTMLElement).dataset['grip'] ?? 'move') as Grip, weeks = edit.weeks(), s = cell.slot;
  const starts = reading(block.date, minutes(s.start)), ends = reading(block.date, minutes(s.start) + length(s));
  let by = 0, tiers = 0;
  follow(e, (m) => {
    const now = spot(m, days, most);
    if (!now) return;
    if (grip === 'move') {
      by = snap(shown(now.at - (first.at - block.from), zone) - starts);
      tiers = now.tier - block.tier;
      edit.held.value = { key: cell.key, slot: lift(move(s, by, weeks), tiers) };
    } else {
      by = snap(shown(now.at, zone) - (grip === 'start' ? starts : ends));
      edit.held.value = { key: cell.key, slot: resize(s, grip, by, weeks) };
    }
  }, (done) => {
    edit.held.value = null;
    if (!done) return;
    if (grip === 'move') edit.shiftBy(cell.key, by, tiers);
    else edit.stretchBy(cell.key, grip, by);
  });
}

/** Draws a new shift into an empty place; made gets it when the pointer is let go. */
export function draw(e: PointerEvent, days: Day[], most: number, made: (date: string, tier: number, from: number, to: number) => void): void {
  const first = spot(e, days, most);
  if (!chief() || !first || e.button !== 0 || e.pointerType === 'touch') return;
  const day = days.find((d) => d.date === first.date)!, round = (at: number) => day.from + snap(at - day.from) * minute;
  follow(e, (m) => {
    const now = spot(m, days, most);
    if (now?.date !== first.date) return;
    drawing.value = { date: first.date, tier: first.tier, from: round(Math.min(first.at, now.at)), to: round(Math.max(first.at, now.at)) };
  }, (done) => {
    const d = drawing.value;
    drawing.value = null;
    if (done && d && d.to > d.from) made(d.date, d.tier, d.from, d.to);
  });
}

/** What a key does to a block; the same as a drag of that far. Tells whether it was one of ours. */
export function press(e: KeyboardEvent, key: string): boolean {
  const side = { ArrowLeft: -1, ArrowRight: 1 }[e.key], row = { ArrowUp: -1, ArrowDown: 1 }[e.key], page = { PageUp: -1, PageDown: 1 }[e.key];
  if (e.shiftKey && e.ctrlKey && side) edit.stretchBy(key, 'end', side * step);
  else if (e.shiftKey && !e.ctrlKey && side) edit.shiftBy(key, side * step);
  else if (e.shiftKey && !e.ctrlKey && row) edit.shiftBy(key, row * 24 * 60);
  else if (!e.ctrlKey && page) edit.shiftBy(key, 0, page);
  else if (e.key === 'Delete') edit.remove(key);
  else return false;
  return true;
}

