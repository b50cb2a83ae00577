// The types of hopeline.v1 as the page reads and writes them. Times are RFC 3339 UTC; ids are opaque.

export type Channel = 'voice' | 'sms' | 'whatsapp' | 'other';
export type State = 'waiting' | 'offered' | 'live' | 'closed';
export type Work = 'contact' | 'missed' | 'voicemail' | 'callback';
export type Presence = 'available' | 'away';
export type Voice = 'browser' | 'phone' | 'none';
export type Role = 'counsellor' | 'supervisor' | 'admin';
export type Delivery = 'queued' | 'sent' | 'delivered' | 'read' | 'failed';
export type EndReason = 'accepted' | 'declined' | 'expired' | 'withdrawn';

export interface User {
  id: string;
  name: string;
  role: Role;
  languages: string[];
  state: Presence;
  voice: Voice;
}

export interface Contact {
  id: string;
  channel: Channel;
  state: State;
  work: Work;
  line: string;
  address: string;
  withheld: boolean;
  seen_before: boolean;
  language: string;
  guess: string;
  stop_word: boolean;
  priority: number;
  assignee: string;
  preferred: string;
  transfer_to: string;
  opened_at: string;
  last_inbound_at: string | null;
  reply_by: string | null;
  unread: number;
  overdue: boolean;
  can_reply: boolean;
  outcome: string;
}

export interface Media {
  id: string;
  type: string;
  size: number;
}

export interface Failure {
  code: string | number;
  message: string;
}

export interface Message {
  id: string;
  direction: 'in' | 'out';
  text: string;
  media: Media[];
  at: string;
  by: string;
  status: Delivery | '';
  ref: string;
  error: Failure | null;
}

export interface Note {
  id: string;
  text: string;
  at: string;
  by: string;
  revises: string;
}

export interface Triage {
  risk: string;
  safe_now: string;
  about: string;
  language: string;
  gender: string;
  age_band: string;
  heard_from: string;
}

export interface Offer {
  contact: Contact;
  expires_at: string;
}

export interface Queue {
  waiting: number;
  longest_wait_s: number;
}

export interface Hello {
  user: User;
  users: User[];
  contacts: Contact[];
  offers: Offer[];
  queue: Queue;
  now: string;
  rota_saved: boolean;
  on_duty_note: string;
  degraded: boolean;
}

export interface Opened {
  contact: Contact;
  messages: Message[];
  notes: Note[];
  triage: Triage;
}

/** What the server says on its own, by the name of the event. */
export interface Events {
  'hello': Hello;
  'offer.made': Offer;
  'offer.ended': { contact: string; reason: EndReason };
  'contact.changed': { contact: Contact };
  'message.added': { contact: string; message: Message };
  'message.status': { contact: string; message: string; status: Delivery; error?: Failure | null };
  'note.added': { contact: string; note: Note };
  'triage.changed': { contact: string; triage: Triage };
  'queue.changed': Queue;
  'presence.changed': { user: string; state: Presence; voice: Voice };
  'system.changed': { degraded: boolean };
}

/** What the page asks for: arguments and result, by the name of the command. */
export interface Commands {
  'presence.set': { args: { state?: Presence; voice?: Voice }; result: { state: Presence; voice: Voice } };
  'offer.accept': { args: { contact: string }; result: { contact: Contact } };
  'offer.decline': { args: { contact: string; reason: string }; result: Empty };
  'contact.take': { args: { contact: string }; result: { contact: Contact } };
  'contact.open': { args: { contact: string; before?: string; limit?: number }; result: Opened };
  'contact.read': { args: { contact: string }; result: Empty };
  'message.send': { args: { contact: string; text: string; ref: string; safe?: boolean }; result: { message: Message } };
  'note.add': { args: { contact: string; text: string; revises?: string }; result: { note: Note } };
  'triage.set': { args: { contact: string } & Partial<Triage>; result: { triage: Triage } };
  'contact.transfer': { args: { contact: string; to: string; note: string }; result: Empty };
  'contact.close': { args: { contact: string; outcome: string }; result: Empty };
  'queue.list': { args: { limit: number }; result: { waiting: Contact[]; total: number } };
}

export type Empty = Record<string, never> | null | undefined;

/** Any one event, told apart by its name. */
export type Event = { [K in keyof Events]: { event: K; seq: number; data: Events[K] } }[keyof Events];

/** The server's answer to one command. */
export interface Reply {
  re: string;
  ok?: boolean;
  result?: unknown;
  error?: { code: string; message: string; retry?: string };
}
