// One dialog over the pages of duties at a time. An offer that is accepted closes it, as every other layer.
import type { ComponentChild } from 'preact';
import { signal } from '@preact/signals';
import { layer } from '../view.ts';

const inside = signal<(() => ComponentChild) | null>(null);

export function show(what: () => ComponentChild): void {
  inside.value = what;
  layer.value = 'duty';
}

export function Sheet() {
  return layer.value === 'duty' && inside.value ? <>{inside.value()}</> : null;
}
