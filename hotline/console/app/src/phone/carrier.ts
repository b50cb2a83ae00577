// A phone of the carrier, by its own library, which is loaded only here.
import type { Credentials } from '../protocol.ts';
import * as microphone from './microphone.ts';
import type { Listener, Phone } from './phone.ts';

/** The library fetches its sounds from outside when it begins. The page rings itself, so it gets none. */
class Silence {
  play(): Promise<void> { return Promise.resolve(); }
  stop(): void { /* it never sounds */ }
  setSinkIds(): Promise<void> { return Promise.resolve(); }
}

const options = {
  logLevel: 'silent', Sound: Silence, codecPreferences: ['opus', 'pcmu'], closeProtection: false, allowIncomingWhileBusy: false,
  enableImprovedSignalingErrorPrecision: true,
};

export class CarrierPhone implements Phone {
  private device: VoiceDevice | null = null;
  private calls = new Map<string, VoiceCall>();
  private stopped = false;

  async start(c: Credentials, to: Listener): Promise<void> {
    await import('voice-sdk');
    if (this.stopped) return;
    const device = new Twilio.Device(c.token, options);
    this.device = device;
    device.on('registered', () => to.reached(true));
    device.on('unregistered', () => to.reached(false));
    device.on('error', () => to.reached(false));
    device.on('incoming', (call) => this.incoming(call, to));
    // Without the net this neither resolves nor rejects; whoever waits for it watches the clock.
    device.register().catch(() => to.reached(false));
  }

  private incoming(call: VoiceCall, to: Listener): void {
    const leg = call.parameters['CallSid'] ?? '';
    this.calls.set(leg, call);
    const over = () => { if (this.calls.delete(leg)) to.over(leg); };
    for (const e of ['disconnect', 'cancel', 'reject'] as const) call.on(e, over);
    call.on('error', () => { if (call.status() === 'closed') over(); });
    to.rings(leg);
  }

  renew(c: Credentials): void {
    this.device?.updateToken(c.token);
  }

  async answer(leg: string): Promise<void> {
    microphone.shut(await microphone.open()); // a refusal is heard here, in words that can be told
    this.calls.get(leg)?.accept({ rtcConstraints: { audio: true } });
  }

  hangup(leg: string): void {
    const call = this.calls.get(leg);
    if (call?.status() === 'pending') call.reject();
    else call?.disconnect();
  }

  mute(leg: string, on: boolean): void {
    this.calls.get(leg)?.mute(on);
  }

  digits(leg: string, keys: string): void {
    this.calls.get(leg)?.sendDigits(keys);
  }

  stop(): void {
    this.stopped = true;
    this.device?.destroy();
  }
}
