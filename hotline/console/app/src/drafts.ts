// One draft for each contact and kind, saved with every key: no event of the browser is sure to come later.
import { signal } from '@preact/signals';
import { load, save } from './keep.ts';

export type Kind = 'reply' | 'note';
type Drafts = Record<string, string>;

export const drafts = signal<Drafts>({});

export function restore(): void {
  drafts.value = load<Drafts>('drafts', {});
}

export function draft(kind: Kind, contact: string): string {
  return drafts.value[`${kind} ${contact}`] ?? '';
}

export function write(kind: Kind, contact: string, text: string): void {
  const { [`${kind} ${contact}`]: _, ...rest } = drafts.value;
  drafts.value = text ? { ...rest, [`${kind} ${contact}`]: text } : rest;
  save('drafts', drafts.value);
}
