// The grid that a supervisor works on: what is saved, what she changed, what the server says of it.
import { computed, signal } from '@preact/signals';
import { ask, chief, line, why } from './ask.ts';
import { cellsOf, changes, drafted, lift, move, resize, type Cell } from './cells.ts';
import type { Diff, Finding, Rota, Slot } from './types.ts';

interface Saved {
  rota: Rota;
  version: number;
  cells: Cell[];
}

export const saved = signal<Saved | null>(null);
export const cells = signal<Cell[]>([]);
const before = signal<Cell[][]>([]); // for taking back, the last at the end
export const fault = signal('');
/** A draft that somebody kept and that is not on the page yet. */
export const draft = signal<{ rota: Rota; at: string | null; by: string } | null>(null);
/** What the server says of the changes as they now are; null while it was not asked or has not answered. */
export const preview = signal<{ findings: Finding[]; diff: Diff } | null>(null);
/** Gaps of the week that is shown, as the changes last looked at would have them; null before the first look. */
export const gaps = signal<Finding[] | null>(null);
/** The week that is shown. */
let shown = { from: '', to: '' };

/** A slot as it would be if the pointer were let go now. */
export const held = signal<{ key: string; slot: Slot } | null>(null);

export const count = computed(() => saved.value ? changes(saved.value.cells, cells.value) : 0);
export const mayUndo = computed(() => before.value.length > 0);

/** Another grid was saved while she changed hers. */
export const overtaken = signal(false);

/** Takes the saved rota onto the page. Changes that were not published yet stay, unless they are to be dropped. */
export async function load(drop = false): Promise<void> {
  try {
    const { rota, version } = await ask('rota.get', { line: line.value }), s = saved.value;
    if (count.value > 0 && !drop && s?.rota.line === rota.line) {
      overtaken.value = JSON.stringify(s.rota) !== JSON.stringify(rota);
      if (!overtaken.value) saved.value = { ...s, version }; // something else moved the plan on, a swap perhaps
      return;
    }
    const own = cellsOf(rota);
    overtaken.value = false;
    saved.value = { rota, version, cells: own };
    cells.value = own;
    before.value = [];
    preview.value = gaps.value = null;
    fault.value = '';
    if (chief()) await lookForDraft();
  } catch (e) {
    fault.value = why(e);
  }
}

async function lookForDraft(): Promise<void> {
  draft.value = null;
  const d = await ask('rota.draft.get', { line: line.value });
  if (d.rota) draft.value = { rota: d.rota, at: d.at, by: d.by };
}

function change(next: Cell[]): void {
  before.value = [...before.value, cells.value];
  cells.value = next;
  later();
}

export function undo(): void {
  const last = before.value[before.value.length - 1];
  if (!last) return;
  before.value = before.value.slice(0, -1);
  cells.value = last;
  later();
}

/** Drops what was changed on the page. */
export function restore(): void {
  if (!saved.value) return;
  cells.value = saved.value.cells;
  before.value = [];
  later();
}

export function openDraft(): void {
  const s = saved.value, d = draft.value;
  if (!s || !d) return;
  draft.value = null;
  change(drafted(s.cells, d.rota));
}

export function weeks(): number {
  return saved.value?.rota.weeks ?? 1;
}

function alter(key: string, how: (s: Slot) => Slot): void {
  change(cells.value.map((c) => c.key === key ? { ...c, slot: how(c.slot) } : c));
}

/** So many minutes later, and so many tiers down. */
export function shiftBy(key: string, minutes: number, tiers = 0): void {
  if (minutes !== 0 || tiers !== 0) alter(key, (s) => lift(move(s, minutes, weeks()), tiers));
}

export function stretchBy(key: string, edge: 'start' | 'end', minutes: number): void {
  if (minutes !== 0) alter(key, (s) => resize(s, edge, minutes, weeks()));
}

export function replace(key: string, slot: Slot): void {
  alter(key, () => slot);
}

let made = 0;

/** Adds a slot and gives its name on the page. */
export function add(slot: Slot): string {
  const key = `new-${++made}`;
  change([...cells.value, { key, slot, was: null }]);
  return key;
}

export function remove(key: string): void {
  change(cells.value.filter((c) => c.key !== key));
}

/** The rota as it would be saved. */
export function edited(): Rota | null {
  return saved.value && { ...saved.value.rota, slots: cells.value.map((c) => c.slot) };
}

let timer = 0, turn = 0;

/** Another week is shown: its gaps are asked for too. */
export function showTime(from: string, to: string): void {
  if (shown.from === from && shown.to === to) return;
  shown = { from, to };
  gaps.value = null;
  later();
}

/** Asks what the changes mean, once she rests for a moment. */
function later(): void {
  clearTimeout(timer);
  preview.value = null;
  turn++;
  if (count.value === 0) gaps.value = null;
  else timer = setTimeout(() => void look(), 300);
}

/** Asks the server what the changes open and close, and whom they touch. */
export async function look(): Promise<void> {
  const rota = edited(), mine = ++turn;
  if (!rota) return;
  try {
    const answer = await ask('rota.preview', { rota, ...shown });
    if (mine !== turn) return;
    preview.value = answer;
    gaps.value = answer.gaps;
    fault.value = '';
  } catch (e) {
    if (mine === turn) fault.value = why(e);
  }
}

/** Publishes the changes; throws the server's refusal. */
export async function publish(reason: string): Promise<void> {
  const rota = edited(), s = saved.value;
  if (!rota || !s) return;
  await ask('rota.save', { rota, reason, ...(s.version > 0 ? { base: s.version } : {}) });
  void ask('rota.draft.drop', { line: line.value }).catch(() => { /* it is offered again, and can be dropped then */ });
  cells.value = s.cells;
  await load(true);
}

export async function keepDraft(): Promise<void> {
  const rota = edited();
  if (rota) await ask('rota.draft.set', { line: line.value, rota });
}

export async function dropDraft(): Promise<void> {
  await ask('rota.draft.drop', { line: line.value });
  draft.value = null;
}
