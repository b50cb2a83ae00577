// One week as it is drawn: blocks true to time, cut at midnight, in lanes by tier, and the gaps that the server found.
import { highest, length, type Cell } from './cells.ts';
import type { Finding, Rota, Shift, Slot } from './types.ts';
import { bounds, day, instant, minutes, monday, plus, reading, weekday } from './zone.ts';

export interface Block {
  key: string;
  /** On which it starts by the rota's clock */
  date: string;
  from: number;
  to: number;
  tier: number;
  kind: Shift['kind'];
  min: number;
  /** That its slot names; [] too where only the server knows it */
  languages: string[];
  /** As the grid or the plan names them */
  users: string[];
  /** How many more it needs */
  empty: number;
  /** In the grid, and can be moved there; null when it is laid over it */
  cell: Cell | null;
  /** As the server resolved it; null when it was not saved yet */
  shift: Shift | null;
}

/** A piece of a block within one day; at and to are milliseconds from the day's first instant. */
export interface Piece {
  block: Block;
  at: number;
  to: number;
  /** The block begins, ends within the day */
  begins: boolean;
  ends: boolean;
  /** Which of the rows that a tier needs */
  row: number;
}

export interface Span {
  from: number;
  to: number;
}

export interface Lane {
  tier: number;
  rows: number;
  pieces: Piece[];
}

export interface Day {
  date: string;
  from: number;
  /** 23, 24 or 25 hours */
  long: number;
  lanes: Lane[];
  gaps: Span[];
}

/** Which week of the cycle a date is in. */
export function weekOf(r: Pick<Rota, 'weeks' | 'anchor'>, date: string): number {
  const weeks = r.weeks ?? 1, first = r.anchor ? reading(r.anchor) : reading('1970-01-05');
  return ((Math.round((reading(monday(date)) - first) / (7 * day)) % weeks) + weeks) % weeks;
}

/** The blocks of a week and of the evening before it. What was not changed is drawn as the server resolved it, so that a
 * holiday or a cancelled shift is not drawn as if it were on, and a shift that was changed while it ran is two. */
export function blocks(r: Rota, cells: Cell[], saved: Cell[], shifts: Shift[], first: string): Block[] {
  const all: Block[] = [], known = new Map<string, Shift[]>(), grid = new Map(saved.map((c) => [c.key, c.slot]));
  const on = (s: Slot, date: string) => s.week === weekOf(r, date) && s.day === weekday(date);
  for (const s of shifts) known.set(`${s.slot} ${s.day}`, [...known.get(`${s.slot} ${s.day}`) ?? [], s]);
  for (let i = -1; i < 7; i++) {
    const date = plus(first, i);
    for (const c of cells) {
      const s = c.slot, parts = known.get(`${c.key} ${date}`) ?? [];
      if (!on(s, date)) continue;
      const key = `${c.key} ${date}`, languages = s.languages ?? [];
      if (c.was !== null && JSON.stringify(c.was) === JSON.stringify(s)) {
        parts.forEach((p, n) => all.push({ key: part(key, n), languages, cell: c, ...resolved(p) }));
        continue;
      }
      const kind = s.kind ?? 'duty', min = s.min ?? 1;
      all.push({
        key, date, tier: s.tier, kind, min, languages, cell: c, shift: parts.at(-1) ?? null,
        from: instant(reading(date, minutes(s.start)), r.zone), to: instant(reading(date, minutes(s.start) + length(s)), r.zone),
        users: s.users, empty: seated(kind) ? Math.max(0, min - s.users.length) : 0,
      });
    }
  }
  for (const parts of known.values()) {
    const slot = grid.get(parts[0]!.slot); // one that stood on another day when that day was
    if (!slot || !on(slot, parts[0]!.day)) parts.forEach((p, n) => all.push({ key: part(p.id, n), languages: [], cell: null, ...resolved(p) }));
  }
  return all.sort((a, b) => a.from - b.from || a.tier - b.tier || a.key.localeCompare(b.key));
}

/** The key of one part of what has several. */
function part(key: string, n: number): string { return n > 0 ? `${key} ${n}` : key; }

/** A shift as the server has it: a day that is over has the hours and the people that it had. */
function resolved(s: Shift): Omit<Block, 'key' | 'languages' | 'cell'> {
  return { date: s.day, from: Date.parse(s.start), to: Date.parse(s.end), tier: s.tier, kind: s.kind, min: s.min, users: s.users.map((u) => u.user), empty: s.empty, shift: s };
}

/** Whether somebody has to be there. */
function seated(kind: Shift['kind']): boolean { return kind === 'duty' || kind === 'interpreter'; }

/** Interpreters are in no tier, and stand below all of them. */
export function rank(tier: number): number { return tier || highest + 1; }

/** The seven days of a week with what happens in them. */
export function days(all: Block[], first: string, zone: string, found: Finding[] = []): Day[] {
  const tiers = [...new Set([1, 2, ...all.map((b) => b.tier)])].sort((a, b) => rank(a) - rank(b));
  return [0, 1, 2, 3, 4, 5, 6].map((i) => {
    const date = plus(first, i), { from, to } = bounds(date, zone);
    return { date, from, long: to - from, lanes: tiers.map((t) => lane(all.filter((b) => b.tier === t), t, from, to)), gaps: holes(found, { from, to }) };
  });
}

function lane(blocks: Block[], tier: number, from: number, to: number): Lane {
  const pieces: Piece[] = [], free: number[] = []; // until when each row is taken
  for (const b of blocks) {
    if (b.to <= from || b.from >= to) continue;
    const at = Math.max(b.from, from);
    let row = free.findIndex((until) => until <= at);
    if (row < 0) row = free.length;
    free[row] = Math.min(b.to, to);
    pieces.push({ block: b, at: at - from, to: Math.min(b.to, to) - from, begins: b.from >= from, ends: b.to <= to, row });
  }
  return { tier, rows: Math.max(1, free.length), pieces };
}

/** What the server says that nobody answers, cut to a time. The page has no opinion of its own: who answers is more than
 * whose name stands there. */
export function holes(found: Finding[], within: Span): Span[] {
  return found.filter((f) => f.kind === 'gap')
    .map((f) => ({ from: Math.max(Date.parse(f.from), within.from), to: Math.min(Date.parse(f.to), within.to) }))
    .filter((s) => s.from < s.to);
}
