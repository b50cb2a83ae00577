// Who belongs in which list, and in which order.
import { computed } from '@preact/signals';
import { words } from './i18n/words.ts';
import { me, model } from './state.ts';
import type { Contact, User } from './protocol.ts';

const all = computed(() => Object.values(model.value.contacts));

/** Those with me, in the order in which they came: a list keeps its place. */
export const mine = computed(() => all.value
  .filter((c) => c.state === 'live' && c.assignee === me.value?.id)
  .sort((a, b) => a.opened_at.localeCompare(b.opened_at)));

/** Overdue with somebody else or with nobody: anyone may take them. */
export const overdue = computed(() => all.value
  .filter((c) => c.overdue && c.state !== 'closed' && !mine.value.includes(c))
  .sort((a, b) => a.opened_at.localeCompare(b.opened_at)));

/** With colleagues, as far as a supervisor was told: she may listen, or look. Calls come first. */
export const others = computed(() => all.value
  .filter((c) => c.state === 'live' && c.assignee !== me.value?.id && !c.overdue)
  .sort((a, b) => Number(b.channel === 'voice') - Number(a.channel === 'voice') || a.opened_at.localeCompare(b.opened_at)));

export const waiting = computed(() => model.value.waiting
  .map((id) => model.value.contacts[id])
  .filter((c): c is Contact => c !== undefined && !c.overdue && c.state !== 'live' && c.state !== 'closed'));

/** Closed while this page had them open: a note may still be missing. */
export const closed = computed(() => all.value
  .filter((c) => c.state === 'closed' && model.value.talks[c.id] !== undefined));

/** Whether somebody answers people in need. An interpreter is rung into a call, and takes none. */
export function answers(u: User): boolean { return u.role === 'counsellor' || u.role === 'supervisor'; }

/** Those who answer, or whoever else fits, by name. */
export function colleagues(fits: (u: User) => boolean = answers): User[] {
  return Object.values(model.value.users).filter(fits).sort((a, b) => a.name.localeCompare(b.name));
}

/** A colleague's name, or a dash for one whom this page does not know. */
export function nameOf(id: string): string {
  return model.value.users[id]?.name ?? words.value.dash;
}

/** The next unread after the one that is open, or before it. */
export function nextUnread(from: string, back: boolean): Contact | undefined {
  const list = back ? [...mine.value].reverse() : mine.value;
  const at = list.findIndex((c) => c.id === from);
  return [...list.slice(at + 1), ...list.slice(0, Math.max(at, 0))].find((c) => c.unread > 0);
}
