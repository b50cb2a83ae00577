// The ring: made by WebAudio, no file. Its beats are laid on the audio clock at once, so a slow or hidden tab rings on time.
import { computed, signal } from '@preact/signals';

/** Whether this tab may sound: browsers keep a page silent until it was pressed once, and again after each reload. */
export const audible = signal(false);

/** The same in the protocol's words: a browser that makes no sound at all is off, one that waits for a press is blocked. */
export const sounding = computed(() => audible.value ? 'on' : 'AudioContext' in globalThis ? 'blocked' : 'off');

let context: AudioContext | null = null;
let elected = false;
let ringing: { gain: GainNode; until: number } | null = null;
let wanted = 0;
let warned = false;
let warning: GainNode | null = null;

/** Call it from a press. Resolves to whether sound is on. */
export async function unlock(): Promise<boolean> {
  context ??= open();
  try { await context.resume(); } catch { /* the state tells */ }
  watch();
  return audible.value;
}

function open(): AudioContext {
  const c = new AudioContext();
  c.onstatechange = watch;
  return c;
}

function watch(): void {
  audible.value = context?.state === 'running';
  if (audible.value) elect();
}

/** One tab rings. The lock is held as long as the tab lives; the next one waits for it. */
function elect(): void {
  if (elected) return;
  if (!navigator.locks) { elected = true; return; }
  void navigator.locks.request('ring', { mode: 'exclusive' }, () => {
    elected = true;
    if (wanted > 0) ring(wanted);
    if (warned) alarm(true);
    return new Promise(() => {});
  });
}

/** Rings each second until the given moment (milliseconds) or until hush. Ringing already, it goes on. */
export function ring(until: number): void {
  wanted = until;
  if (!context || !audible.value || !elected) return;
  if (ringing && ringing.until >= until) return;
  silence();
  const seconds = Math.min(600, Math.ceil((until - Date.now()) / 1000));
  ringing = { gain: play(context, Math.max(0, seconds)), until };
}

export function hush(): void {
  wanted = 0;
  silence();
}

/** Sounds three high notes every other second until it is turned off, unlike the ring. */
export function alarm(on: boolean): void {
  warned = on;
  if (!on) {
    warning?.disconnect();
    warning = null;
  } else if (context && audible.value && elected && !warning) {
    warning = context.createGain();
    warning.connect(context.destination);
    for (let s = 0; s < 300; s += 2) {
      for (const n of [0, 1, 2]) tone(context, warning, 1319, context.currentTime + s + n * 0.2);
    }
  }
}

/** Lets the counsellor hear what an offer sounds like. */
export async function sample(): Promise<boolean> {
  if (await unlock() && context) play(context, 2);
  return audible.value;
}

function silence(): void {
  ringing?.gain.disconnect();
  ringing = null;
}

/** Two soft tones at the start of each second. */
function play(c: AudioContext, seconds: number): GainNode {
  const out = c.createGain();
  out.connect(c.destination);
  for (let s = 0; s < seconds; s++) {
    tone(c, out, 659, c.currentTime + s);
    tone(c, out, 880, c.currentTime + s + 0.18);
  }
  return out;
}

function tone(c: AudioContext, out: AudioNode, hertz: number, at: number): void {
  const note = c.createOscillator(), shape = c.createGain();
  note.type = 'triangle';
  note.frequency.value = hertz;
  shape.gain.setValueAtTime(0, at);
  shape.gain.linearRampToValueAtTime(0.3, at + 0.02);
  shape.gain.exponentialRampToValueAtTime(0.001, at + 0.34);
  note.connect(shape).connect(out);
  note.start(at);
  note.stop(at + 0.36);
}
