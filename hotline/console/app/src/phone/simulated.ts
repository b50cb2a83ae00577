// A phone of the simulated company, beside the page: legs come as events, what is done goes back as JSON. Nothing is
// heard; the microphone is opened all the same, so that whoever tries it meets what a real call would meet.
import type { Credentials } from '../protocol.ts';
import * as microphone from './microphone.ts';
import type { Listener, Phone } from './phone.ts';

interface Leg {
  sid: string;
  state: string;
}

export class SimulatedPhone implements Phone {
  private source: EventSource | null = null;
  private legs = new Map<string, string>(); // state by id
  private sound: MediaStream | null = null;

  start(c: Credentials, to: Listener): Promise<void> {
    const source = new EventSource(`/api/phone/legs?phone=${encodeURIComponent(`client:${c.identity}`)}`);
    this.source = source;
    source.onopen = () => to.reached(true);
    source.onerror = () => to.reached(false); // it connects again by itself
    source.onmessage = (e) => this.heard(JSON.parse(String(e.data)).legs as Leg[], to);
    return Promise.resolve();
  }

  private heard(legs: Leg[], to: Listener): void {
    const before = this.legs;
    this.legs = new Map(legs.map((l) => [l.sid, l.state]));
    for (const sid of before.keys()) {
      if (!this.legs.has(sid)) this.ended(sid, to);
    }
    for (const [sid, state] of this.legs) {
      if (state === 'ringing' && before.get(sid) !== 'ringing') to.rings(sid);
    }
  }

  private ended(sid: string, to: Listener): void {
    if (![...this.legs.values()].includes('in-progress')) this.quiet();
    to.over(sid);
  }

  renew(): void { /* this company asks for no credentials */ }

  async answer(leg: string): Promise<void> {
    this.quiet();
    this.sound = await microphone.open();
    await this.act('answer', leg);
  }

  hangup(leg: string): void {
    void this.act('hangup', leg);
    this.quiet();
  }

  mute(leg: string, on: boolean): void {
    for (const t of this.sound?.getTracks() ?? []) t.enabled = !on;
    void this.act('mute', leg, String(on));
  }

  digits(leg: string, keys: string): void {
    void this.act('press', leg, keys);
  }

  stop(): void {
    this.source?.close();
    this.quiet();
  }

  private quiet(): void {
    microphone.shut(this.sound);
    this.sound = null;
  }

  /** What fails is seen in the events: the leg goes on as it was. */
  private async act(what: string, sid: string, value?: string): Promise<void> {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ do: what, sid, ...(value ? { value } : {}) }) };
    await fetch('/api/phone/act', init).catch(() => {});
  }
}
