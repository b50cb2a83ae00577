// Small parts that several pages of duties are made of.
import type { ComponentChildren } from 'preact';
import { chief, line, lines, local, name, now } from './ask.ts';
import { language } from '../format.ts';
import { words as all } from '../i18n/words.ts';
import { colleagues } from '../people.ts';
import type { User } from '../protocol.ts';
import { me, model } from '../state.ts';
import type { Finding, Shift } from './types.ts';
import type { Block } from './week.ts';
import { words } from './words.ts';
import { city, sameClock, stretch } from './zone.ts';

/** What went wrong, said aloud. */
export function Fault({ text }: { text: string }) {
  return text ? <p class="line danger" role="alert">{text}</p> : null;
}

/** While an answer is on its way, or when it did not come. */
export function Pending({ fault, again }: { fault: string; again(): void }) {
  if (!fault) return <p class="soft" role="status">{words.value.loading}</p>;
  return <><Fault text={fault} /><p><button onClick={again}>{all.value.tryAgain}</button></p></>;
}

export function Card(p: { title: string; id?: string; children: ComponentChildren; loud?: boolean }) {
  return <section class={p.loud ? 'card loud' : 'card'} {...(p.id ? { id: p.id } : {})} aria-label={p.title}><h2>{p.title}</h2>{p.children}</section>;
}

/** Tier in words: first line, second line, tier 3; 0 is that of interpreters, which is none. */
export function tier(n: number): string {
  if (n === 0) return words.value.interpreter;
  return words.value.tiers[n - 1] ?? words.value.tier(n);
}

/** What an interpreter is there for: the languages of the slot, where it names any. */
export function tongues(b: Block): string {
  const w = words.value;
  return b.languages.length > 0 ? w.interprets(b.languages.map(language).join(', ')) : w.interpreter;
}

/** A shift's time, by the clock of its own line. */
export function when(s: Shift): string {
  return stretch(s.start, s.end, s.zone);
}

/** The same time by her own clock, where that shows another: a second line, never instead. */
export function Yours({ from, to, zone }: { from: string; to: string; zone: string }) {
  const yours = yoursWords(from, to, zone);
  return yours ? <small class="yours">{yours}</small> : null;
}

export function yoursWords(from: string, to: string, zone: string): string {
  return sameClock(zone, local, from, to) ? '' : `${words.value.zoneTime(city(zone))}. ${words.value.yours(stretch(from, to, local))}`;
}

export function YoursOf({ shift: s }: { shift: Shift }) {
  return <Yours from={s.start} to={s.end} zone={s.zone} />;
}

/** Whose clock a page goes by. */
export function ZoneLabel({ zone }: { zone: string }) {
  return <p class="zonelabel soft">{zone && words.value.zoneTime(city(zone))}</p>;
}

/** What a tier and a time say whole. Of all else the kind is said in the words of the page, and the rest in the server's. */
const plain = ['gap', 'min', 'last_tier'];

export function findingWords(f: Finding, zone: string): string {
  const w = words.value, kind = w.findings[f.kind] ?? f.kind;
  if (f.words && !plain.includes(f.kind)) return `${kind}. ${f.words}`;
  return `${kind}: ${f.kind !== 'gap' && f.tier > 0 ? `${tier(f.tier)}, ` : ''}${stretch(f.from, f.to, zone)}${f.times > 1 ? ` (${w.times(f.times)})` : ''}`;
}

export function Findings({ list, zone, more = false }: { list: Finding[]; zone: string; more?: boolean }) {
  const w = words.value;
  if (list.length === 0) return more ? <p class="soft">{w.noMore}</p> : <p class="ok">✓ {w.noFindings}</p>;
  return (
    <ul class="plain findings">
      {list.map((f, i) => (
        <li key={i} class={f.kind === 'gap' ? 'line danger' : f.kind === 'clock' ? 'line' : 'line warn'}>{findingWords(f, zone)}</li>
      ))}
    </ul>
  );
}

/** The lines that have a rota, and those that this page has heard of; with one there is nothing to choose. */
export function Lines() {
  const heard = chief() ? ['*', ...Object.values(model.value.contacts).map((c) => c.line)] : [];
  const known = new Set([line.value, ...lines.value, ...heard].filter(Boolean));
  if (known.size < 2) return null;
  return (
    <label class="pick"><span class="unseen">{words.value.line}</span>
      <select value={line.value} onChange={(e) => { line.value = e.currentTarget.value; }}>
        {[...known].sort().map((l) => <option key={l} value={l}>{l === '*' ? words.value.everyLine : l}</option>)}
      </select></label>
  );
}

export function People(p: { id: string; value: string; set(user: string): void; none?: string; without?: string[]; fits?(u: User): boolean; label: string }) {
  const users = colleagues(p.fits).filter((u) => !p.without?.includes(u.id));
  return (
    <p class="field"><label for={p.id}>{p.label}</label>
      <select id={p.id} value={p.value} onChange={(e) => p.set(e.currentTarget.value)}>
        <option value="">{p.none ?? '–'}</option>
        {users.map((u) => <option key={u.id} value={u.id}>{u.name}{u.id === me.value?.id ? ` (${words.value.you})` : ''}</option>)}
      </select></p>
  );
}

/** Who has a shift, and what is missing. */
export function who(s: Shift): string {
  const w = words.value, others = s.users.map((u) => name(u.user)).join(', ');
  if (s.kind === 'closed') return w.closed;
  return [others, s.empty > 0 ? w.empty(s.empty) : ''].filter(Boolean).join(' · ') || w.nobody;
}

export function running(s: Shift): boolean {
  return Date.parse(s.start) <= now() && now() < Date.parse(s.end);
}
