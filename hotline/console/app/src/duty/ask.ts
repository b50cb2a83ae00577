// Asking the server about duties, and what a page of them knows of the answers.
import { signal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import * as clock from '../clock.ts';
import { code, link, me, model, sentence, wire } from '../state.ts';
import { Refusal } from '../wire.ts';
import { news } from '../view.ts';
import { day } from './zone.ts';
import type { Commands, PlanResult, User } from '../protocol.ts';

/** Which line the pages are about; "*" is every line, or the first that has a rota while it is not known which do. */
export const line = signal('*');
/** The lines that have a rota. */
export const lines = signal<string[]>([]);

/** Takes what a plan tells of the lines. */
export function heed(plan: PlanResult): void {
  if (plan.lines.join() !== lines.value.join()) lines.value = plan.lines;
  if (!plan.lines.includes(line.value) && plan.lines.includes(plan.line) && line.value === '*') line.value = plan.line;
}

export const ask: typeof wire.ask = (what, args) => wire.ask(what, args);

/** Why something was refused: the server's own words where it has any, for they name the shift. */
export function why(e: unknown): string {
  const own = e instanceof Refusal && (e.code === 'invalid' || e.code === 'conflict') ? e.message : '';
  return own || sentence(code(e));
}

/** Does something and says what went wrong; true when it was done. */
export async function attempt(fault: Signal<string>, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    fault.value = '';
    return true;
  } catch (e) {
    fault.value = why(e);
    return false;
  }
}

export interface Answer<T> {
  value: T | null;
  /** In words; '' when there is none */
  fault: string;
  /** Of the fault, as the protocol has it */
  code: string;
  again(): void;
}

/** Keeps an answer fresh: asks again when the arguments change, when the line is back, and at every word of duties. */
export function useAnswer<K extends keyof Commands>(what: K, args: Commands[K]['args'] | null): Answer<Commands[K]['result']> {
  const value = useSignal<Commands[K]['result'] | null>(null), fault = useSignal(''), of = useSignal(''), turn = useSignal(0);
  const key = JSON.stringify(args), online = link.value === 'online';
  useEffect(() => {
    if (!args || !online) return;
    let wanted = true;
    ask(what, args).then(
      (r) => {
        if (!wanted) return;
        if (what === 'duty.plan') heed(r as PlanResult);
        value.value = r;
        fault.value = '';
      },
      (e) => { if (wanted) { of.value = code(e); fault.value = why(e); } },
    );
    return () => { wanted = false; };
  }, [key, online, news.value, turn.value]);
  return { value: value.value, fault: fault.value, code: of.value, again: () => { turn.value++; } };
}

/** Whether she may change the rota. */
export function chief(): boolean {
  return me.value?.role === 'supervisor' || me.value?.role === 'admin';
}

export function name(user: string): string {
  return model.value.users[user]?.name ?? user;
}

/** The grid names people by their e-mail addresses, the plan by ids: both are found, and told by their name. */
export function called(user: string): string {
  const found = model.value.users[user] ?? Object.values(model.value.users).find((u) => emailOf(u) === user);
  return found?.name ?? user;
}

/** How the grid names a person. */
export function emailOf(u: User): string {
  return u.email || u.id;
}

export function stamp(at: number): string {
  return new Date(at).toISOString();
}

/** The zone of this machine, for as long as no rota says another. */
export const local = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const now = clock.now;

/** The zone by which her duties are said: that of the rota, or this machine's while it is not known. */
export function useZone(): string {
  return useToday().value?.zone || local;
}

/** The plan of today, which tells the lines and the rota's zone. */
export function useToday(): Answer<PlanResult> {
  const at = now();
  return useAnswer('duty.plan', { line: line.value, from: dayStamp(at), to: dayStamp(at + day) });
}

/** A stamp that stays the same for a day, so that nothing is asked anew at each drawing. */
function dayStamp(at: number): string {
  return stamp(Math.floor(at / day) * day);
}
