// The types of hopeline.v1, made from the Go types of package console by its test: do not edit.
// Times are RFC 3339 UTC; ids are opaque.

export type Channel = 'voice' | 'sms' | 'whatsapp' | 'other';
export type Delivery = 'queued' | 'sent' | 'delivered' | 'read' | 'failed';
export type Direction = 'in' | 'out';
export type EndReason = 'accepted' | 'declined' | 'expired' | 'withdrawn';
export type Gender = '' | 'woman' | 'man' | 'anybody';
export type InterpretState = 'ringing' | 'here' | 'nobody' | 'left';
export type LegState = 'new' | 'dialled' | 'ringing' | 'up' | 'over';
export type Part = 'caller' | 'counsellor' | 'guest' | 'listener' | 'coach';
export type Presence = 'available' | 'away';
export type PushState = 'none' | 'works' | 'fails';
export type Reach = 'page' | 'phone' | 'none';
export type Role = 'counsellor' | 'supervisor' | 'admin' | 'interpreter';
export type SeatState = 'planned' | 'confirmed' | 'here';
export type Sound = 'on' | 'blocked' | 'off' | 'unknown';
export type State = 'waiting' | 'offered' | 'live' | 'closed';
export type SwapState = 'open' | 'taken' | 'approved' | 'refused' | 'withdrawn' | 'past';
export type TestResult = 'waits' | 'rings' | 'answered' | 'no_key' | 'no_answer' | 'busy' | 'failed' | 'gave_way' | 'needless';
export type Voice = 'browser' | 'phone' | 'none';
export type Work = 'contact' | 'missed' | 'voicemail' | 'callback';

/** A colleague. */
export interface User {
  id: string;
  name: string;
  role: Role;
  languages: string[];
  /** Woman, man; left out: she did not say */
  gender?: Gender;
  state: Presence;
  voice: Voice;
  /** She let three offers in a row pass */
  not_answering?: boolean;
  /** By which a rota names her */
  email?: string;
}

/** One episode of somebody reaching the hotline, as one viewer may see it. */
export interface Contact {
  id: string;
  /** Rises with every change; of two the higher is true */
  version: number;
  channel: Channel;
  state: State;
  work: Work;
  line: string;
  /** As it was received; empty for who may not see it */
  address: string;
  /** The same, spaced for reading */
  address_shown: string;
  withheld: boolean;
  seen_before: boolean;
  /** As a human said, or else as guessed */
  language: string;
  /** As guessed, when no human said */
  guess: string;
  /** Woman, man, anybody; left out: she did not say */
  asks_for?: Gender;
  /** Nobody who may be asked is what she needs */
  unfit_since?: string;
  /** Not for this person; to who reads its words */
  barred?: string[];
  stop_word: boolean;
  /** Higher first */
  priority: number;
  assignee: string;
  /** Asked first */
  preferred: string;
  /** Is asked whether she takes it over */
  transfer_to: string;
  opened_at: string;
  waiting_since: string | null;
  last_inbound_at: string | null;
  /** When the channel stops taking free text */
  reply_by: string | null;
  unread: number;
  overdue: boolean;
  can_reply: boolean;
  outcome: string;
  /** A human said that there is immediate danger */
  danger_since: string | null;
  /** Null: it is no call */
  call: Call | null;
}

/** A picture, voice note or file; a size of 0 is one that was not fetched yet. */
export interface Media {
  id: string;
  type: string;
  size: number;
  /** It never will be: the carrier does not have it, or it is too large */
  lost: boolean;
}

/** Failure says why a message did not arrive: the carrier's code, 0 if none, and what to do. */
export interface Failure {
  code: number;
  message: string;
}

/** One piece of an exchange. */
export interface Message {
  id: string;
  direction: Direction;
  text: string;
  media: Media[];
  at: string;
  by: string;
  status: Delivery | '';
  ref: string;
  error: Failure | null;
}

/** A counsellor's words; Revises is the note that it takes the place of, or empty. */
export interface Note {
  id: string;
  text: string;
  at: string;
  by: string;
  revises: string;
}

/** Risk and first facts; what was never set is unknown. */
export interface Triage {
  risk: string;
  safe_now: string;
  about: string;
  language: string;
  gender: string;
  age_band: string;
  heard_from: string;
  /** Whom the person wants to talk with: woman, man, anybody */
  asks_for: string;
  /** When the line is lost: we_call, they_call, we_text, nothing */
  if_dropped: string;
}

/** A contact held out to the reader until a deadline. */
export interface Offer {
  contact: Contact;
  expires_at: string;
}

/** How many wait, and how long the longest has. */
export interface Queue {
  waiting: number;
  longest_wait_s: number;
}

/** For supervisors: somebody has to look at once. */
export interface Alarm {
  /** Empty: it is about no contact */
  contact: string;
  /** Of an alarm about a user */
  user?: string;
  kind: 'danger' | 'waiting' | 'urgent' | 'recording' | 'not_answering' | 'pages' | 'gap' | 'relieved' | 'not_here' | 'unfit' | 'nobody' | 'report' | 'clocks';
  since: string;
  /** Of an alarm about the rota */
  line?: string;
  /** When it is so */
  from?: string;
  to?: string;
  bulletin?: string;
  /** Of a report */
  open?: { gaps: number; last_tier: number; short: number };
  /** Of moved clocks: which shifts, for a person to read */
  words?: string;
}

/** The first frame after every connect, and comes again when events were lost: all that a page shows before anything is opened. */
export interface Hello {
  user: User;
  users: User[];
  /** Mine and live */
  contacts: Contact[];
  offers: Offer[];
  /** Overdue ones that are with somebody else */
  others: Contact[];
  queue: Queue;
  now: string;
  rota_saved: boolean;
  /** Who is on duty, in words */
  on_duty_note: string;
  degraded: boolean;
  /** Of the rota, that stand now: for supervisors */
  alarms?: Alarm[];
}

/** What was said in a contact, oldest first, and all that was noted. */
export interface Opened {
  contact: Contact;
  messages: Message[];
  notes: Note[];
  triage: Triage;
}

/** One tier of the rota at one moment; a tier without users is one in which nobody can be asked. */
export interface OnDuty {
  tier: number;
  users: User[];
  /** Planned so that nobody is there */
  closed: boolean;
  /** The slots behind it */
  why: string;
  /** Null: for good */
  until: string | null;
}

/** Somebody who is on duty to be rung as an interpreter. */
export interface Standby {
  user: User;
  /** For which she is there */
  languages: string[];
  /** The slot behind it */
  why: string;
  until: string;
}

/** One cell of the weekly grid; it belongs to the day on which it starts. */
export interface Slot {
  /** Names its shifts; an edit keeps it */
  id?: string;
  /** Only in a temporary plan, in the place of week and day */
  date?: string;
  /** From 0 */
  week: number;
  /** 1 is Monday */
  day: number;
  /** "20:00" */
  start: string;
  /** At or before start: on the next day; "24:00" is midnight */
  end: string;
  /** 0: of interpreters, who are in none */
  tier: number;
  /** 1 when left out */
  min?: number;
  /** E-mail addresses */
  users: string[];
  languages?: string[];
  kind?: 'duty' | 'closed' | 'shadow' | 'interpreter';
}

/** One line's weekly grid, as in a file. */
export interface Rota {
  /** "*" is every line */
  line: string;
  zone: string;
  /** After so many it repeats; 1 when left out */
  weeks?: number;
  /** The Monday of a week 0 */
  anchor?: string;
  slots: Slot[];
}

/** What coverage has to say of a rota; only a gap keeps it from being saved without a reason. */
export interface Finding {
  /** Gap, user, last_tier, min, language, interpreter, twice; and those of package rota */
  kind: string;
  /** 0: none in particular */
  tier: number;
  /** From 1; 0: none in particular */
  slot: number;
  /** For the first time */
  from: string;
  to: string;
  times: number;
  words: string;
}

/** What a contact that is a call has besides. */
export interface Call {
  /** The caller is on the line */
  alive: boolean;
  /** Of the talk that is, or was the last */
  talking_since: string | null;
  /** The caller hears that she has to wait */
  held: boolean;
  /** The counsellor is not heard */
  muted: boolean;
  /** The counsellor's line was lost; the caller waits at the front */
  dropped: boolean;
  /** The caller pressed that she cannot talk */
  silent: boolean;
  /** The caller is asked by keys */
  keys: boolean;
  /** The counsellor talks on her own phone */
  by_phone: boolean;
  /** Until then the call counts as hers, for the notes */
  wrap_until: string | null;
  /** What the caller chose instead of waiting */
  choice: Work | '';
  /** Of colleagues */
  legs: Leg[];
  /** Null: nobody asked for one in this talk */
  interpreter: Interpreter | null;
}

/** The search for an interpreter in a call, and what came of it. */
export interface Interpreter {
  language: string;
  state: InterpretState;
  /** Who came; empty: nobody yet */
  user: string;
  /** Whose phones ring for it */
  rung: string[];
}

/** A colleague's part in a call, as long as it is not over. */
export interface Leg {
  user: string;
  part: Part;
  state: LegState;
  /** Her own phone; else the browser */
  phone: boolean;
}

/** Credentials let a page be a phone until they expire. */
export interface Credentials {
  driver: 'carrier' | 'simulated' | 'none';
  token: string;
  identity: string;
  expires_at: string | null;
}

/** One time that a slot of the rota comes round. */
export interface Shift {
  id: string;
  line: string;
  /** The id of its slot */
  slot: string;
  /** On which it starts by the rota's clock: "2026-11-23" */
  day: string;
  start: string;
  end: string;
  /** Of its rota */
  zone: string;
  /** 0: of interpreters, who are in none */
  tier: number;
  kind: 'duty' | 'closed' | 'shadow' | 'interpreter';
  min: number;
  users: Seat[];
  /** Whose seats are empty */
  away: string[];
  /** Seats below min */
  empty: number;
  why: string;
}

/** One person in a shift. */
export interface Seat {
  user: string;
  /** Empty: the slot names her */
  why: string;
  state: SeatState;
}

/** A shift that somebody gives away. */
export interface Swap {
  id: string;
  shift: Shift;
  from: string;
  /** Who is asked; empty: everybody */
  to: string;
  /** Who took it */
  by: string;
  state: SwapState;
  at: string;
  note: string;
}

/** A note for those who come next, with the contacts of the line that were open. */
export interface Handover {
  id: string;
  line: string;
  at: string;
  by: string;
  note: string;
  open: string[];
  /** Empty: nobody yet */
  read_by: string;
  read_at: string | null;
}

/** What somebody says of a time. */
export interface Wish {
  id: string;
  from: string;
  to: string;
  kind: 'can' | 'cannot' | 'like';
}

/** What a rota would change. */
export interface Diff {
  /** Gaps in tier 1 */
  opens: Finding[];
  closes: Finding[];
  people: { user: string; gains_h: number; loses_h: number }[];
}

/** One thing that was done to a rota: a grid that was saved, which has a version, or a change to one shift. */
export interface Past {
  version: number;
  at: string;
  /** "system": the command line */
  by: string;
  reason: string;
  shift: string;
  /** Absence, cover, extra, cancel, template, temporary */
  kind: string;
  /** Change, swap, claim, fill */
  cause: string;
  user: string;
  /** Who came instead */
  with: string;
  /** Null: it holds */
  ended: string | null;
  ended_by: string;
  /** Why it ended */
  undone: string;
}

/** Template replaces the grid on its dates. */
export interface Template {
  id: string;
  name: string;
  /** Its dates count as holidays */
  holiday: boolean;
  dates: string[];
  slots: Slot[];
}

/** Temporary replaces the grid from one date to another, both included. */
export interface Temporary {
  id: string;
  name: string;
  from: string;
  to: string;
  /** Grid, none, or the e-mail address of who stands in */
  fallback: string;
  slots: Slot[];
}

/** What one person has to carry. */
export interface Share {
  user: string;
  hours: number;
  nights: number;
  weekends: number;
  holidays: number;
  /** Offers that she took */
  pages: number;
  /** Offers that she let pass */
  missed: number;
  from_mean_h: number;
}

/** How one person stands. */
export interface Standing {
  user: string;
  on_duty: boolean;
  state: Presence;
  talking: boolean;
  /** Offers in a row */
  missed: number;
  console: boolean;
  reach: Reach;
  /** She has a verified number */
  phone: boolean;
  /** When she last pressed the key of a test page; null: never */
  tested_at: string | null;
  /** Her last one */
  test: PageTest | null;
  /** Of her open pages */
  sound: Sound;
  /** Whether her browsers took the last push */
  push: PushState;
}

/** An interpreter: she has no console, and only her phone reaches her. */
export interface AtHome {
  user: string;
  /** She has a number */
  phone: boolean;
  /** When she last pressed the key of a test page; null: never */
  tested_at: string | null;
  /** Her last one */
  test: PageTest | null;
  /** When the address of her calendar was made; null: she has none */
  calendar_at: string | null;
}

/** A line's plan for a time. */
export interface PlanResult {
  /** "*": the rota of all lines */
  line: string;
  /** That have a rota */
  lines: string[];
  zone: string;
  version: number;
  /** One that was changed while it ran is two of one id */
  shifts: Shift[];
  findings: Finding[];
  published_to: string;
  /** A supervisor approves each swap */
  approve: boolean;
}

/** All that somebody has to know of her own duty. */
export interface MineResult {
  /** Of the next six weeks */
  shifts: Shift[];
  /** With seats that she could claim */
  open: Shift[];
  /** Hers, and those that she could take */
  swaps: Swap[];
  wishes: Wish[];
  /** That she has to read */
  handover: Handover | null;
  on_duty: boolean;
  until: string | null;
  /** The shift that she can check in to now */
  check_in: Shift | null;
  /** Until then she cannot just now */
  relieved: string | null;
  /** For her, while she cannot */
  answers: { tier: number; people: number } | null;
  /** When she last pressed the key of a test page; null: never */
  tested_at: string | null;
  /** Her last one */
  test: PageTest | null;
  /** Of shifts, in which she is away by her own calendar */
  away: string[];
}

/** A proposal. */
export interface FillResult {
  proposal: { shift: string; user: string }[];
  empty: { shift: string; why: { user: string; why: string }[] }[];
  took_ms: number;
}

/** The house at a glance. */
export interface WallResult {
  as_of: string;
  waiting: { voice: number; sms: number; whatsapp: number; other: number };
  longest_wait_s: number;
  /** On duty, can be reached, and holds no call */
  free: number;
  talking: number;
  /** On duty, and can neither be shown nor rung anything */
  unreachable: number;
  people: Standing[];
  next_gap: Finding | null;
  /** In the last 24 hours */
  missed_offers: number;
  /** The router works as it should */
  redis: boolean;
  interpreters: AtHome[];
  closed: { line: string; until: string | null }[];
}

/** RotaSettings are what a line wants of its rota; a limit of 0 is none. */
export interface RotaSettings {
  /** A supervisor approves each swap */
  approve: boolean;
  /** Free in a row within each 24 hours */
  rest_hours: number;
  /** At most */
  nights_in_a_row: number;
  /** At most */
  week_hours: number;
  /** Before a shift its people should have confirmed */
  confirm_hours: number;
  /** Since a person's last test page, at most */
  test_days: number;
  /** Only who has a verified number counts */
  phone: boolean;
  /** Everybody should have a second way to be reached */
  second: boolean;
  /** Callers may ask for a woman by a key */
  woman_key: boolean;
  /** The phone of who is not there is rung a quarter of an hour before her shift */
  here_page: boolean;
  /** No supervisor's phone is rung when nobody can be reached, or somebody did not come */
  silent: boolean;
  language_must: number;
  gender_must: number;
  /** For how long whoever a person talked with is asked first; 0: never */
  returns_days: number;
}

/** How it stands with a calendar that somebody lets us read. */
export interface Followed {
  user: string;
  /** Of its address; to herself only */
  host: string;
  /** When it was last read well; null: never yet */
  read: string | null;
  fault: '' | 'away' | 'gone' | 'closed' | 'large' | 'unreadable' | 'inside';
  /** Entries that cannot be understood */
  unclear: number;
}

/** The days that a line's people are asked about. */
export interface Ask {
  from: string;
  /** Included */
  to: string;
  ends: string;
  at: string;
  by: string;
  people: AskedPerson[];
}

/** One who is asked for her wishes. */
export interface AskedPerson {
  user: string;
  /** Null: she never opened her address */
  opened: string | null;
  /** When she last said something by it; null: never */
  answered: string | null;
}

/** One day that somebody is asked about, and what she said of it. */
export interface AskedDay {
  date: string;
  kind: '' | 'can' | 'cannot' | 'like';
}

/** AskedDays are the days of an address that are not over. */
export interface AskedDays {
  days: AskedDay[];
}

export interface PageTest {
  user: string;
  by: string;
  at: string;
  result: TestResult;
  ended: string | null;
}

/** What the server says on its own, by the name of the event. */
export interface Events {
  'hello': Hello;
  'offer.made': Offer;
  'offer.ended': { contact: string; reason: EndReason };
  'contact.changed': { contact: Contact };
  'message.added': { contact: string; message: Message };
  'message.changed': { contact: string; message: Message };
  'message.status': { contact: string; message: string; status: Delivery; error: Failure | null };
  'note.added': { contact: string; note: Note };
  'triage.changed': { contact: string; triage: Triage };
  'queue.changed': Queue;
  'presence.changed': { user: string; state: Presence; voice: Voice; not_answering?: boolean };
  'system.changed': { degraded: boolean; rota_saved?: boolean; on_duty_note?: string };
  'alarm': Alarm;
  'duty.changed': { line: string };
  'swap.changed': { swap: Swap };
  'handover.added': { handover: Handover };
  'page.tested': { test: PageTest };
}

/** What the page asks for: arguments and result, by the name of the command. */
export interface Commands {
  'bulletin.seen': { args: { bulletin: string }; result: Empty };
  'calendar.address': { args: {  }; result: { url: string } };
  'calendar.follow': { args: { url: string }; result: Empty };
  'calendar.followed': { args: {  }; result: { calendar: Followed | null } };
  'calendar.follows': { args: {  }; result: { calendars: Followed[] } };
  'calendar.give': { args: { user: string }; result: { url: string } };
  'calendar.revoke': { args: {  }; result: Empty };
  'calendar.take': { args: { user: string }; result: Empty };
  'calendar.unfollow': { args: {  }; result: Empty };
  'call.back': { args: { contact: string }; result: Empty };
  'call.hangup': { args: { contact: string }; result: Empty };
  'call.hold': { args: { contact: string; on: boolean }; result: Empty };
  'call.interpret': { args: { contact: string; language?: string }; result: Empty };
  'call.invite': { args: { contact: string; user: string }; result: Empty };
  'call.keys': { args: { contact: string; on: boolean; question?: string }; result: Empty };
  'call.leave': { args: { contact: string }; result: Empty };
  'call.listen': { args: { contact: string; coach?: boolean }; result: Empty };
  'call.mute': { args: { contact: string; on: boolean }; result: Empty };
  'call.release': { args: { contact: string; user?: string }; result: Empty };
  'contact.bar': { args: { contact: string; user: string; on: boolean }; result: { contact: Contact } };
  'contact.close': { args: { contact: string; outcome: string }; result: Empty };
  'contact.danger': { args: { contact: string; on: boolean; ground?: string; outcome?: string }; result: Empty };
  'contact.open': { args: { contact: string; before?: string; limit?: number }; result: Opened };
  'contact.read': { args: { contact: string }; result: Empty };
  'contact.take': { args: { contact: string }; result: { contact: Contact } };
  'contact.transfer': { args: { contact: string; to: string; note?: string }; result: Empty };
  'duty.back': { args: {  }; result: Empty };
  'duty.dry_run': { args: { contact: string }; result: { picks: { user: string; tier: number; why: string }[]; excluded: { user: string; why: string }[] } };
  'duty.handover': { args: { line: string; note: string }; result: { handover: Handover } };
  'duty.handover.read': { args: { handover: string }; result: { handover: Handover } };
  'duty.here': { args: { shift: string }; result: Empty };
  'duty.mine': { args: {  }; result: MineResult };
  'duty.plan': { args: { line: string; from: string; to: string }; result: PlanResult };
  'duty.relieve': { args: {  }; result: { until: string; answers: { tier: number; people: number } } };
  'message.send': { args: { contact: string; text: string; ref: string; safe?: boolean }; result: { message: Message } };
  'note.add': { args: { contact: string; text: string; revises?: string }; result: { note: Note } };
  'offer.accept': { args: { contact: string }; result: { contact: Contact } };
  'offer.decline': { args: { contact: string; reason: string }; result: Empty };
  'page.test': { args: { user?: string; week?: boolean }; result: { test: PageTest | null; pushed: number; rings: number; skipped: number } };
  'presence.set': { args: { state?: Presence; voice?: Voice }; result: { state: Presence; voice: Voice } };
  'push.key': { args: Empty; result: { key: string } };
  'push.subscribe': { args: { endpoint: string; p256dh: string; auth: string }; result: Empty };
  'push.test': { args: Empty; result: { sent: number } };
  'push.unsubscribe': { args: { endpoint: string }; result: Empty };
  'queue.list': { args: { limit?: number }; result: { waiting: Contact[]; total: number } };
  'rota.draft.drop': { args: { line: string }; result: Empty };
  'rota.draft.get': { args: { line: string }; result: { rota: Rota | null; at: string | null; by: string } };
  'rota.draft.set': { args: { line: string; rota: Rota }; result: Empty };
  'rota.fairness': { args: { line: string; from: string; to: string }; result: { people: Share[] } };
  'rota.fill': { args: { line: string; from: string; to: string }; result: FillResult };
  'rota.fill.apply': { args: { line: string; proposal: { shift: string; user: string }[] }; result: { findings: Finding[] } };
  'rota.get': { args: { line: string }; result: { rota: Rota; version: number } };
  'rota.history': { args: { line: string }; result: { versions: Past[]; changes: Past[] } };
  'rota.on_call': { args: { line: string; at?: string }; result: { tiers: OnDuty[]; interpreters: Standby[] } };
  'rota.overlay.drop': { args: { line: string; id: string; reason?: string }; result: { findings: Finding[] } };
  'rota.overlays': { args: { line: string }; result: { templates: Template[]; temporary: Temporary[] } };
  'rota.preview': { args: { rota: Rota; from?: string; to?: string }; result: { findings: Finding[]; diff: Diff; gaps: Finding[] } };
  'rota.save': { args: { rota: Rota; reason: string; base?: number }; result: { version: number; findings: Finding[] } };
  'rota.settings.get': { args: { line: string }; result: RotaSettings };
  'rota.settings.set': { args: { line: string; approve: boolean; rest_hours: number; nights_in_a_row: number; week_hours: number; confirm_hours: number; test_days: number; phone: boolean; second: boolean; woman_key: boolean; here_page: boolean; silent: boolean; language_must: number; gender_must: number; returns_days: number; reason?: string }; result: Empty };
  'rota.template.set': { args: { line: string; name: string; holiday?: boolean; dates: string[]; slots: Slot[]; reason?: string }; result: { findings: Finding[] } };
  'rota.temporary.set': { args: { line: string; name?: string; from: string; to: string; slots: Slot[]; fallback: string; reason?: string }; result: { findings: Finding[] } };
  'rota.try': { args: { line: string; change?: { shift: string; do: 'absence' | 'cover' | 'extra' | 'cancel' | 'restore'; user?: string; by?: string; reason: string }; template?: { line: string; name: string; holiday?: boolean; dates: string[]; slots: Slot[]; reason?: string }; temporary?: { line: string; name?: string; from: string; to: string; slots: Slot[]; fallback: string; reason?: string }; drop?: string; fill?: { shift: string; user: string }[]; settings?: RotaSettings }; result: { findings: Finding[]; diff: Diff; gaps: Finding[] } };
  'shift.change': { args: { shift: string; do: 'absence' | 'cover' | 'extra' | 'cancel' | 'restore'; user?: string; by?: string; reason: string }; result: { shift: Shift; findings: Finding[] } };
  'shift.claim': { args: { shift: string }; result: { shift: Shift; findings: Finding[] } };
  'shift.confirm': { args: { shift: string }; result: Empty };
  'sound.set': { args: { state: 'on' | 'blocked' | 'off' }; result: Empty };
  'swap.ask': { args: { shift: string; to?: string; note?: string }; result: { swap: Swap } };
  'swap.decide': { args: { swap: string; approve: boolean }; result: { swap: Swap } };
  'swap.list': { args: { line: string }; result: { swaps: Swap[] } };
  'swap.take': { args: { swap: string }; result: { swap: Swap; findings: Finding[] } };
  'swap.withdraw': { args: { swap: string }; result: { swap: Swap } };
  'triage.set': { args: { contact: string; risk?: string; safe_now?: string; about?: string; language?: string; gender?: string; age_band?: string; heard_from?: string; asks_for?: string; if_dropped?: string }; result: { triage: Triage } };
  'user.change': { args: { user: string; languages: string[]; gender: Gender }; result: { user: User } };
  'wallboard': { args: {  }; result: WallResult };
  'wish.ask': { args: { line: string; from: string; to: string }; result: { ask: Ask | null } };
  'wish.asked': { args: { line: string }; result: { ask: Ask | null } };
  'wish.drop': { args: { wish: string }; result: Empty };
  'wish.link': { args: { line: string; user: string }; result: { url: string } };
  'wish.set': { args: { from: string; to: string; kind: 'can' | 'cannot' | 'like' }; result: { wish: Wish } };
  'wish.withdraw': { args: { line: string }; result: Empty };
}

export type Empty = Record<string, never>;

/** Any one event, told apart by its name. */
export type Event = { [K in keyof Events]: { event: K; seq: number; data: Events[K] } }[keyof Events];

/** The server's answer to one command. */
export interface Reply {
  re: string;
  ok?: boolean;
  result?: unknown;
  error?: { code: string; message: string; retry?: string };
}
