// The socket: connects, asks, listens, and reconnects for ever. It knows frames and numbers, not what they mean.
import type { Commands, Event, Hello, Reply } from './protocol.ts';

export type Link = 'connecting' | 'online' | 'reconnecting' | 'signed_out' | 'replaced' | 'stopped';

/** Why a command failed. Besides the server's codes: `offline` was never sent, `doubt` was sent and its answer is lost. */
export class Refusal extends Error {
  constructor(readonly code: string, message: string, readonly retry = '') {
    super(message);
  }
}

export interface Handlers {
  hello(h: Hello): void;
  event(e: Exclude<Event, { event: 'hello' }>): void;
  link(l: Link): void;
  /** Asked when a connection fails before its first frame: a refused session looks like a cut line. */
  session(): Promise<boolean | undefined>;
}

interface Pending {
  resolve(result: unknown): void;
  reject(why: Refusal): void;
  timer: number;
}

const first = 250, longest = 15_000;
const quiet = 20_000; // no frame for so long: ask whether anybody is there
const patience = 8_000; // and drop the line when the answer takes longer than this
const slowest = 15_000; // the longest that any command may take
/** The server closes a socket for a frame over 64 KiB; a little is left for the envelope. */
export const largest = 60 * 1024;

export class Wire {
  private socket: WebSocket | null = null;
  private pending = new Map<string, Pending>();
  private count = 0;
  private seq = 0;
  private greeted = false;
  private heard = 0;
  private delay = first;
  private retry = 0;
  private pulse = 0;
  link: Link = 'stopped';
  /** Set before start. */
  on!: Handlers;

  constructor(private url: string) {}

  start(): void {
    this.stop();
    this.set('connecting');
    this.pulse = setInterval(() => this.beat(), 5_000);
    this.connect();
  }

  stop(): void {
    clearInterval(this.pulse);
    this.end('stopped');
  }

  /** Tries now instead of when the wait is over: the page came to the front, or the net came back. */
  nudge(): void {
    if (this.link === 'online') this.probe();
    else if (this.link === 'reconnecting') { this.delay = first; this.connect(); }
  }

  /** Sends one command. Rejects with a Refusal. */
  ask<K extends keyof Commands>(what: K, args: Commands[K]['args']): Promise<Commands[K]['result']> {
    return this.send(what, args, slowest) as Promise<Commands[K]['result']>;
  }

  private send(what: string, args: unknown, within: number): Promise<unknown> {
    const id = `c${++this.count}`;
    const frame = JSON.stringify({ id, do: what, args });
    if (!this.socket || !this.greeted) return Promise.reject(new Refusal('offline', ''));
    if (new TextEncoder().encode(frame).length > largest) return Promise.reject(new Refusal('too_long', ''));
    this.socket.send(frame);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.drop(), within);
      this.pending.set(id, { resolve, reject, timer });
    });
  }

  private connect(): void {
    clearTimeout(this.retry);
    this.forget();
    const socket = new WebSocket(this.url, 'hopeline.v1');
    this.socket = socket;
    this.heard = Date.now();
    socket.onmessage = (e) => { if (socket === this.socket) this.receive(String(e.data)); };
    socket.onclose = (e) => { if (socket === this.socket) this.closed(e.code); };
  }

  private receive(text: string): void {
    this.heard = Date.now();
    let frame: Reply | Event;
    try { frame = JSON.parse(text); } catch { this.drop(); return; }
    if ('re' in frame) this.answered(frame);
    else if (frame.event === 'hello') this.welcomed(frame.seq, frame.data);
    else this.told(frame);
  }

  private welcomed(seq: number, hello: Hello): void {
    this.seq = seq;
    this.greeted = true;
    this.delay = first;
    this.on.hello(hello);
    this.set('online');
  }

  /** An event out of order means that one was missed: only a new hello tells the truth again. */
  private told(e: Exclude<Event, { event: 'hello' }>): void {
    if (!this.greeted || e.seq !== this.seq + 1) { this.drop(); return; }
    this.seq = e.seq;
    this.on.event(e);
  }

  private answered(r: Reply): void {
    const p = this.pending.get(r.re);
    if (!p) return;
    this.pending.delete(r.re);
    clearTimeout(p.timer);
    if (r.error) p.reject(new Refusal(r.error.code, r.error.message, r.error.retry));
    else p.resolve(r.result);
  }

  private closed(code: number): void {
    if (code === 4001) { this.end('signed_out'); return; }
    if (code === 4003) { this.end('replaced'); return; }
    const refused = !this.greeted;
    this.forget(code === 4004 ? 'refused' : 'doubt');
    this.set(this.link === 'connecting' ? 'connecting' : 'reconnecting');
    this.later();
    if (refused) void this.checkSession();
  }

  private async checkSession(): Promise<void> {
    if (await this.on.session() === false && !this.greeted && this.link !== 'stopped') this.end('signed_out');
  }

  /** Closes a line that is no good and connects anew. */
  private drop(): void {
    this.forget();
    this.set('reconnecting');
    this.later();
  }

  private later(): void {
    clearTimeout(this.retry);
    const wait = this.delay * (0.5 + Math.random() / 2);
    this.delay = Math.min(this.delay * 2, longest);
    this.retry = setTimeout(() => this.connect(), wait);
  }

  private end(l: Link): void {
    clearTimeout(this.retry);
    this.forget();
    this.set(l);
  }

  /** Lets go of the socket; whoever waits for an answer learns that it will not come. */
  private forget(code = 'doubt'): void {
    const old = this.socket;
    this.socket = null;
    this.greeted = false;
    old?.close();
    const waiting = [...this.pending.values()];
    this.pending.clear();
    for (const p of waiting) {
      clearTimeout(p.timer);
      p.reject(new Refusal(code, ''));
    }
  }

  private beat(): void {
    const silent = Date.now() - this.heard;
    if (this.link === 'online' && silent > quiet) this.probe();
    else if (this.socket && !this.greeted && silent > slowest) this.drop();
  }

  /** Any answer will do, an error too: a dead line must not look like a quiet night. */
  private probe(): void {
    this.send('ping', {}, patience).catch(() => {});
  }

  private set(l: Link): void {
    if (l === this.link) return;
    this.link = l;
    this.on.link(l);
  }
}
