// The browser as a phone: what the page asks of a driver, and what it is told. A leg is named by an opaque id.
import type { Credentials } from '../protocol.ts';

export interface Listener {
  /** it can be rung; or it cannot be reached, and tries on by itself */
  reached(yes: boolean): void;
  /** a leg rings here */
  rings(leg: string): void;
  /** it is over: hung up, taken elsewhere, lost */
  over(leg: string): void;
}

export interface Phone {
  /** Begins to be reached. What comes of it is told to the listener. */
  start(c: Credentials, to: Listener): Promise<void>;
  /** Fresh credentials for the same phone. */
  renew(c: Credentials): void;
  /** Opens the microphone and answers. Rejects when the microphone may not be used. */
  answer(leg: string): Promise<void>;
  /** Ends a leg, or refuses it while it rings. */
  hangup(leg: string): void;
  mute(leg: string, on: boolean): void;
  /** Sends tones: 0 to 9, * and #. */
  digits(leg: string, keys: string): void;
  stop(): void;
}
