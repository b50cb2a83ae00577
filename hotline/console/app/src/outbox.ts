// Words that a counsellor sent and the server has not yet confirmed. A row leaves only when the server has it, or by her hand.
import { signal } from '@preact/signals';
import { load, save } from './keep.ts';

export interface Unsent {
  ref: string;
  contact: string;
  text: string;
  at: string;
  /** waiting for the line; on its way; refused; asking whether it is still safe */
  state: 'waiting' | 'sending' | 'failed' | 'ask';
  /** the counsellor said that it is still safe to write */
  safe: boolean;
  code: string;
  message: string;
}

export const unsent = signal<Unsent[]>([]);

function put(list: Unsent[]): void {
  unsent.value = list;
  save('outbox', list);
}

/** Reads what this tab still holds for the user. What was on its way when the page went is sent again with its ref. */
export function restore(): void {
  unsent.value = load<Unsent[]>('outbox', []).map((u) => u.state === 'sending' ? { ...u, state: 'waiting' } : u);
}

export function add(contact: string, text: string, at: string): Unsent {
  const u: Unsent = { ref: crypto.randomUUID(), contact, text, at, state: 'waiting', safe: false, code: '', message: '' };
  put([...unsent.value, u]);
  return u;
}

export function mark(ref: string, change: Partial<Unsent>): void {
  put(unsent.value.map((u) => u.ref === ref ? { ...u, ...change } : u));
}

export function remove(ref: string): void {
  if (unsent.value.some((u) => u.ref === ref)) put(unsent.value.filter((u) => u.ref !== ref));
}

/** Those that go as soon as there is a line, oldest first. */
export function due(): Unsent[] {
  return unsent.value.filter((u) => u.state === 'waiting');
}
