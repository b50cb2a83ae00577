// This page as her phone: when it is one, when it answers by itself, and what it says of it.
import { computed, effect, signal, untracked } from '@preact/signals';
import * as api from '../api.ts';
import * as clock from '../clock.ts';
import { words } from '../i18n/words.ts';
import type { Credentials } from '../protocol.ts';
import { gate, me, model } from '../state.ts';
import { say, started } from '../view.ts';
import { CarrierPhone } from './carrier.ts';
import * as microphone from './microphone.ts';
import type { Listener, Phone } from './phone.ts';
import { SimulatedPhone } from './simulated.ts';

/** off: not wanted here; none: this house has no phone for pages; lost: it cannot be reached, and tries on. */
export type State = 'off' | 'starting' | 'ready' | 'lost' | 'none';

export const state = signal<State>('off');
/** The leg that rings and that nobody here asked for, or ''. */
export const rings = signal('');
/** The leg that is answered here, or ''. */
export const answered = signal('');
export const muted = signal(false);

/** Why calls do not ring in this page although they should; '' when they do, or should not. */
export const trouble = computed<'' | 'none' | 'lost' | 'refused' | 'missing'>(() => {
  if (state.value === 'none' || state.value === 'lost') return state.value;
  const m = microphone.microphone.value;
  return state.value !== 'off' && (m === 'refused' || m === 'missing') ? m : '';
});

const wanted = computed(() => gate.value === 'in' && started.value && me.value?.voice === 'browser' && me.value.role !== 'admin');
const busy = computed(() => answered.value !== '');

const watch = 8_000; // the carrier's library does not say that it cannot get through
const retry = 15_000;
const grace = 1_500; // another page of hers may have asked for the leg, and answers it first
const hope = 45_000; // so long after she asked for it a leg may ring

let phone: Phone | null = null;
let round = 0, timer = 0, expected = 0;
const ringing = new Set<string>();

effect(() => {
  const on = wanted.value, talking = busy.value; // in the middle of a call nothing is taken down
  untracked(() => {
    if (on && !phone && state.value === 'off') void begin();
    else if (!on && !talking) end();
  });
});

async function begin(): Promise<void> {
  const mine = ++round;
  state.value = 'starting';
  void microphone.look();
  const a = await api.voice();
  if (mine !== round) return;
  if (a.status !== 200 || !a.body) later();
  else if (a.body.driver === 'none') state.value = 'none';
  else await connect(a.body, mine);
}

function later(): void {
  state.value = 'lost';
  clearTimeout(timer);
  timer = setTimeout(() => void begin(), retry);
}

async function connect(c: Credentials, mine: number): Promise<void> {
  phone = c.driver === 'carrier' ? new CarrierPhone() : new SimulatedPhone();
  keepFresh(c, mine);
  setTimeout(() => { if (mine === round && state.value === 'starting') state.value = 'lost'; }, watch);
  try {
    await phone.start(c, listener(mine));
  } catch {
    if (mine !== round) return;
    phone = null;
    later();
  }
}

/** Renews the credentials by our own clock, when two thirds of their life are over. */
function keepFresh(c: Credentials, mine: number): void {
  if (!c.expires_at) return;
  const left = Math.max(retry, (Date.parse(c.expires_at) - clock.now()) * 2 / 3);
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const a = await api.voice();
    if (mine !== round) return;
    if (a.status === 200 && a.body) { phone?.renew(a.body); keepFresh(a.body, mine); } else keepFresh(c, mine);
  }, left);
}

function end(): void {
  round++;
  clearTimeout(timer);
  phone?.stop();
  phone = null;
  ringing.clear();
  rings.value = answered.value = '';
  state.value = 'off';
}

function listener(mine: number): Listener {
  const now = (f: (leg: string) => void) => (leg: string) => { if (mine === round) f(leg); };
  return {
    reached: (yes) => { if (mine === round) state.value = yes ? 'ready' : 'lost'; },
    rings: now(rang),
    over: now(over),
  };
}

function rang(leg: string): void {
  ringing.add(leg);
  if (answered.value) return; // one talk at a time: whoever rings meanwhile goes on ringing elsewhere
  if (Date.now() < expected) void answer(leg);
  else if (owns()) setTimeout(() => { if (ringing.has(leg) && !answered.value) void answer(leg); }, grace);
  else rings.value = leg;
}

/** Whether a call is hers right now, so that its leg may be answered without asking her. */
function owns(): boolean {
  return Object.values(model.value.contacts).some((c) => c.state === 'live' && c.assignee === me.value?.id && c.call?.alive === true);
}

function over(leg: string): void {
  ringing.delete(leg);
  if (rings.value === leg) rings.value = '';
  if (answered.value === leg) answered.value = '';
}

/** She asked for a call just now: the leg that rings next is hers, and is answered by itself. */
export function expect(): void {
  expected = Date.now() + hope;
}

/** Nothing comes of it. */
export function expectNothing(): void {
  expected = 0;
}

export async function answer(leg: string): Promise<void> {
  if (!phone) return;
  expected = 0;
  rings.value = '';
  answered.value = leg;
  muted.value = false;
  try {
    await phone.answer(leg);
  } catch {
    over(leg);
    phone?.hangup(leg);
    say(words.value.phone.trouble[microphone.microphone.value === 'missing' ? 'missing' : 'refused'], true);
  }
}

export function refuse(): void {
  const leg = rings.value;
  over(leg);
  phone?.hangup(leg);
}

/** Stops the microphone here and at once; the house is told besides. */
export function mute(on: boolean): void {
  muted.value = on;
  if (answered.value) phone?.mute(answered.value, on);
}

export function digits(keys: string): void {
  if (answered.value) phone?.digits(answered.value, keys);
}
