// The types of the rota's commands, until protocol.ts has them. Times are RFC 3339 UTC; ids are opaque.
import type { Channel, Empty, Finding as Found, Presence, Rota as Grid, Slot as Cell } from '../protocol.ts';

/** A cell of the grid with its name, which an edit keeps. */
export type Slot = Cell & { id?: string };
export type Rota = Omit<Grid, 'slots'> & { slots: Slot[] };
/** The server knows more kinds than the grid's own. */
export type Finding = Omit<Found, 'kind'> & { kind: string };

export interface Seat {
  user: string;
  why: string;
  state: 'planned' | 'confirmed' | 'here';
}

/** One time that a slot comes round. */
export interface Shift {
  id: string;
  line: string;
  slot: string;
  /** On which it starts by the rota's clock: "2026-11-23" */
  day: string;
  start: string;
  end: string;
  tier: number;
  kind: 'duty' | 'closed' | 'shadow';
  min: number;
  users: Seat[];
  /** Seats below min */
  empty: number;
  why: string;
}

export type SwapState = 'open' | 'taken' | 'approved' | 'refused' | 'withdrawn' | 'past';

export interface Swap {
  id: string;
  shift: Shift;
  from: string;
  /** Who is asked; empty: everybody */
  to: string;
  by: string;
  state: SwapState;
  at: string;
  note: string;
}

export type Will = 'can' | 'cannot' | 'like';

export interface Wish {
  id: string;
  from: string;
  to: string;
  kind: Will;
}

export interface Handover {
  id: string;
  line: string;
  at: string;
  by: string;
  note: string;
  /** Contacts that were open then, by id */
  open: string[];
  read_by: string;
  read_at: string | null;
}

export interface Mine {
  shifts: Shift[];
  swaps: Swap[];
  wishes: Wish[];
  handover: Handover | null;
  on_duty: boolean;
  until: string | null;
  check_in: Shift | null;
}

export interface Plan {
  line: string;
  zone: string;
  version: number;
  shifts: Shift[];
  findings: Finding[];
  published_to: string | null;
}

export interface Diff {
  opens: Finding[];
  closes: Finding[];
  people: { user: string; gains_h: number; loses_h: number }[];
}

export interface Share {
  user: string;
  hours: number;
  nights: number;
  weekends: number;
  holidays: number;
  pages: number;
  missed: number;
  from_mean_h: number;
}

export interface Filled {
  shift: string;
  user: string;
}

export interface Proposal {
  proposal: Filled[];
  empty: { shift: string; why: { user: string; why: string }[] }[];
  took_ms: number;
}

export type Change = 'absence' | 'cover' | 'extra' | 'cancel' | 'restore';

/** One change of the past: a version of the grid, or what happened to a shift. */
export interface Past {
  version?: number;
  at: string;
  by: string;
  reason: string;
  words?: string;
}

export interface Template {
  id: string;
  name: string;
  dates: string[];
  slots: Slot[];
}

export interface Temporary {
  id: string;
  from: string;
  to: string;
  fallback: string;
  slots: Slot[];
}

export interface Standing {
  user: string;
  state: Presence;
  talking: boolean;
  missed: number;
  console: boolean;
  tested_at: string | null;
}

export interface Wall {
  as_of: string;
  waiting: Record<Channel, number>;
  longest_wait_s: number;
  free: number;
  talking: number;
  unreachable: number;
  people: Standing[];
  next_gap: Finding | null;
  missed_offers: number;
  redis: boolean;
}

export interface DutyCommands {
  'duty.plan': { args: { line: string; from: string; to: string }; result: Plan };
  'duty.mine': { args: Empty; result: Mine };
  'duty.here': { args: { shift: string }; result: Empty };
  'duty.relieve': { args: Empty; result: Empty };
  'duty.back': { args: Empty; result: Empty };
  'duty.handover': { args: { line: string; note: string }; result: Empty };
  'duty.handover.read': { args: { handover: string }; result: Empty };
  'swap.ask': { args: { shift: string; to?: string; note?: string }; result: { swap: Swap } };
  'swap.take': { args: { swap: string }; result: { swap: Swap; findings?: Finding[] } };
  'swap.withdraw': { args: { swap: string }; result: { swap: Swap } };
  'swap.decide': { args: { swap: string; approve: boolean }; result: { swap: Swap } };
  'swap.list': { args: { line: string }; result: { swaps: Swap[] } };
  'wish.set': { args: { from: string; to: string; kind: Will }; result: { wish: Wish } };
  'wish.drop': { args: { wish: string }; result: Empty };
  'shift.claim': { args: { shift: string }; result: Empty };
  'shift.change': { args: { shift: string; do: Change; user?: string; by?: string; reason: string }; result: { findings: Finding[] } };
  'calendar.address': { args: Empty; result: { url: string } };
  'calendar.revoke': { args: Empty; result: Empty };
  'rota.get': { args: { line: string }; result: { rota: Rota } };
  'rota.preview': { args: { rota: Rota }; result: { findings: Finding[]; diff: Diff } };
  'rota.save': { args: { rota: Rota; reason: string; base?: number }; result: { version: number; findings: Finding[] } };
  'rota.draft.get': { args: { line: string }; result: { rota: Rota | null; at: string | null; by: string } };
  'rota.draft.set': { args: { line: string; rota: Rota }; result: Empty };
  'rota.draft.drop': { args: { line: string }; result: Empty };
  'rota.template.set': { args: { line: string; name: string; dates: string[]; slots: Slot[] }; result: Empty };
  'rota.temporary.set': { args: { line: string; from: string; to: string; slots: Slot[]; fallback: string }; result: Empty };
  'rota.overlay.drop': { args: { line: string; id: string }; result: Empty };
  'rota.overlays': { args: { line: string }; result: { templates: Template[]; temporary: Temporary[] } };
  'rota.fairness': { args: { line: string; from: string; to: string }; result: { people: Share[] } };
  'rota.fill': { args: { line: string; from: string; to: string }; result: Proposal };
  'rota.fill.apply': { args: { line: string; proposal: Filled[] }; result: { findings: Finding[] } };
  'rota.history': { args: { line: string }; result: { versions: Past[]; changes?: Past[] } };
  'duty.dry_run': { args: { contact: string }; result: { picks: { user: string; tier: number; why: string }[]; excluded: { user: string; why: string }[] } };
  'wallboard': { args: Empty; result: Wall };
}
