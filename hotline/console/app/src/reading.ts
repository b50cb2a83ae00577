// Reading the words of a contact, and the line of those who wait.
import { signal } from '@preact/signals';
import * as outbox from './outbox.ts';
import type { Contact, Event } from './protocol.ts';
import { code, model, sentence, wire } from './state.ts';
import { earlier, listed, opened, type TalkEvent } from './store.ts';
import * as view from './view.ts';

/** Talks that could not be read, with the code of the refusal. */
export const refused = signal<Record<string, string>>({});

/** What happened to a talk while the answer to its reading is on the way. */
const journals = new Map<string, TalkEvent[]>();

export function jot(e: Event): void {
  if ('contact' in e.data && typeof e.data.contact === 'string') journals.get(e.data.contact)?.push(e as TalkEvent);
}

export function forget(): void {
  journals.clear();
}

/** Reads a talk, unless what is here is exact. */
export async function read(id: string): Promise<void> {
  const talk = model.value.talks[id];
  if (talk?.fresh || journals.has(id)) return;
  const since: TalkEvent[] = [];
  journals.set(id, since);
  const limit = Math.min(200, Math.max(50, talk?.messages.length ?? 0));
  try {
    const o = await wire.ask('contact.open', { contact: id, limit });
    model.value = opened(model.value, o, limit, since);
    for (const m of o.messages) if (m.ref) outbox.remove(m.ref);
    note(id, '');
  } catch (e) {
    note(id, code(e));
  } finally {
    if (journals.get(id) === since) journals.delete(id);
  }
}

/** A cut line is no refusal: the next hello reads again. */
function note(id: string, why: string): void {
  const { [id]: _, ...rest } = refused.value;
  refused.value = why && why !== 'offline' && why !== 'doubt' ? { ...rest, [id]: why } : rest;
}

export async function older(id: string): Promise<void> {
  const before = model.value.talks[id]?.messages[0]?.id;
  if (!before) return;
  try {
    const o = await wire.ask('contact.open', { contact: id, before, limit: 50 });
    model.value = earlier(model.value, o, 50);
  } catch (e) {
    view.say(sentence(code(e)), true);
  }
}

/** Says that the open words were seen. */
export function seen(c: Contact): void {
  wire.ask('contact.read', { contact: c.id }).catch(() => { /* the next showing says it again */ });
}

export async function refresh(): Promise<void> {
  try {
    const line = await wire.ask('queue.list', { limit: 200 });
    model.value = listed(model.value, line.waiting);
  } catch { /* the next change of the queue, or the next hello, asks again */ }
}

let asked = 0, timer = 0;

/** Reads the line again when it is not what we show; never more than once in three seconds. */
export function recount(): void {
  const m = model.value;
  if (timer || m.queue.waiting === m.waiting.length || m.waiting.length >= 200) return;
  timer = setTimeout(() => {
    timer = 0;
    asked = Date.now();
    const now = model.value;
    if (now.queue.waiting !== now.waiting.length) void refresh();
  }, Math.max(500, asked + 3_000 - Date.now()));
}
