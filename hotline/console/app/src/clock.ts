// The server's time, and two signals that tick: seconds only where something is counted down, minutes for the rest.
import { effect, signal } from '@preact/signals';

let ahead = 0; // of this machine's clock, in milliseconds

export function set(serverNow: string): void {
  const t = Date.parse(serverNow);
  if (!Number.isNaN(t)) ahead = t - Date.now();
}

/** Milliseconds now, by the server's clock. */
export function now(): number {
  return Date.now() + ahead;
}

/** A moment of the server's clock on this machine's. */
export function local(t: number): number {
  return t - ahead;
}

export const minute = signal(0);
export const second = signal(0);

/** Whether somebody needs the seconds; without that nothing ticks more than four times a minute. */
export const counting = signal(false);

setInterval(() => { minute.value++; }, 15_000);
effect(() => {
  if (!counting.value) return;
  const timer = setInterval(() => { second.value++; }, 250);
  return () => clearInterval(timer);
});
