// What is done with a call, and when somebody is in danger. Each resolves to '' or to the code of the refusal.
import { signal } from '@preact/signals';
import * as clock from './clock.ts';
import { words } from './i18n/words.ts';
import * as line from './phone/line.ts';
import type { Commands, Contact } from './protocol.ts';
import { code, sentence, wire } from './state.ts';
import { say } from './view.ts';

type Steering = 'call.hold' | 'call.mute' | 'call.hangup' | 'call.keys' | 'call.invite' | 'call.interpret' | 'call.release' | 'call.listen' | 'call.leave' | 'call.back' | 'contact.danger';

async function ask<K extends Steering>(what: K, args: Commands[K]['args']): Promise<string> {
  try {
    await wire.ask(what, args);
    return '';
  } catch (e) {
    return code(e);
  }
}

/** Asks, and says what went wrong where offers come. */
async function loudly<K extends Steering>(what: K, args: Commands[K]['args']): Promise<string> {
  const why = await ask(what, args);
  if (why) say(sentence(why), true);
  return why;
}

export function hold(contact: string, on: boolean): Promise<string> {
  return loudly('call.hold', { contact, on });
}

/** The microphone is shut here at once; when the house does not take it, it is as it was. */
export async function mute(contact: string, on: boolean): Promise<void> {
  const before = line.muted.value;
  line.mute(on);
  if (await loudly('call.mute', { contact, on }) && !on) line.mute(before);
}

export function hangUp(contact: string): Promise<string> {
  return loudly('call.hangup', { contact });
}

/** What was asked last, by contact: the house keeps the answers. */
export const asked = signal<Record<string, string>>({});

export async function askByKeys(contact: string, question: string): Promise<string> {
  const why = await ask('call.keys', { contact, on: true, question });
  if (!why) asked.value = { ...asked.value, [contact]: question };
  return why;
}

export function stopKeys(contact: string): Promise<string> {
  return loudly('call.keys', { contact, on: false });
}

export function invite(contact: string, user: string): Promise<string> {
  return ask('call.invite', { contact, user });
}

export function interpret(contact: string, language: string): Promise<string> {
  return ask('call.interpret', { contact, language });
}

/** Lets the interpreter go, or whoever is rung as one. */
export function release(contact: string): Promise<string> {
  return loudly('call.release', { contact });
}

export async function listen(contact: string, coach: boolean): Promise<void> {
  line.expect();
  if (await loudly('call.listen', { contact, coach })) line.expectNothing();
}

export function leaveCall(contact: string): Promise<string> {
  return loudly('call.leave', { contact });
}

export async function callBack(contact: string): Promise<void> {
  line.expect();
  if (await loudly('call.back', { contact })) line.expectNothing();
}

/** Dangers that were raised here and that the house has not confirmed: since when, by contact. */
export const raised = signal<Record<string, string>>({});

/** One press: the house tells the supervisors. What to ask is shown at once, and a cut line does not lose it. */
export function danger(c: Contact): void {
  if (c.danger_since || raised.value[c.id]) return;
  raised.value = { ...raised.value, [c.id]: new Date(clock.now()).toISOString() };
  void raise(c.id);
}

async function raise(contact: string): Promise<void> {
  const why = await ask('contact.danger', { contact, on: true });
  if (why === 'offline' || why === 'doubt') return; // said again when the line is back
  const { [contact]: _, ...rest } = raised.value;
  raised.value = rest;
  if (why) say(sentence(why), true);
}

/** After a cut. Saying it twice is saying it once. */
export function raiseAgain(): void {
  for (const id of Object.keys(raised.value)) void raise(id);
}

export function safe(contact: string, ground: string, outcome: string): Promise<string> {
  return ask('contact.danger', { contact, on: false, ground, outcome });
}

/** The sentence for a question that was refused. */
export function questionFault(why: string): string {
  return why === 'unsafe' ? words.value.call.unsafeQuestion : sentence(why);
}
