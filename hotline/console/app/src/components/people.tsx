// The people: with me, overdue, waiting, closed just now. A list keeps its place.
import type { ComponentChildren } from 'preact';
import { select, take } from '../actions.ts';
import * as clock from '../clock.ts';
import { asksFor, language, since, span, tail, title, tongue, until, wait } from '../format.ts';
import { words } from '../i18n/words.ts';
import { closed, mine, nameOf, others, overdue, waiting } from '../people.ts';
import type { Contact } from '../protocol.ts';
import { me, model } from '../state.ts';
import { selected } from '../view.ts';
import { briefly } from './call.tsx';

export function People() {
  clock.minute.value;
  const w = words.value.people;
  return (
    <nav class="people" aria-label={w.title}>
      {overdue.value.length > 0 && (
        <Group title={w.overdue} count={overdue.value.length} loud>
          {overdue.value.map((c) => <Row key={c.id} c={c} take />)}
        </Group>
      )}
      <Group title={w.mine} count={mine.value.length}>
        {mine.value.map((c) => <Row key={c.id} c={c} />)}
        {mine.value.length === 0 && <li class="none">{w.mineNone}</li>}
      </Group>
      <Group title={w.waiting} count={model.value.queue.waiting}
        action={waiting.value.length > 0 && <button class="small" onClick={takeNext}>{w.next}</button>}>
        {waiting.value.map((c) => <Row key={c.id} c={c} take />)}
        {waiting.value.length === 0 && <li class="none">{w.waitingNone}</li>}
      </Group>
      {me.value?.role === 'supervisor' && others.value.length > 0 && (
        <Group title={w.others} count={others.value.length}>
          {others.value.map((c) => <Row key={c.id} c={c} />)}
        </Group>
      )}
      {closed.value.length > 0 && (
        <Group title={w.closed} count={closed.value.length}>
          {closed.value.map((c) => <Row key={c.id} c={c} />)}
        </Group>
      )}
    </nav>
  );
}

export function takeNext(): void {
  const next = overdue.value[0] ?? waiting.value[0];
  if (next) void take(next.id);
}

function Group(p: { title: string; count: number; loud?: boolean; action?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class={p.loud ? 'group loud' : 'group'}>
      <div class="head"><h2>{p.title}{p.count > 0 && <span class="count">{p.count}</span>}</h2>{p.action}</div>
      <ul class="plain" onKeyDown={rove}>{p.children}</ul>
    </section>
  );
}

/** Up, Down, Home and End move within one list. */
function rove(e: KeyboardEvent): void {
  const list = e.currentTarget as HTMLElement;
  const rows = [...list.querySelectorAll<HTMLElement>('button.row, button.take')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[e.key];
  if (to === undefined || at < 0) return;
  e.preventDefault();
  rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
}

function Row({ c, take: takeable }: { c: Contact; take?: boolean }) {
  const w = words.value, here = selected.value === c.id, readable = !takeable || me.value?.role === 'supervisor';
  const inside = <>
    <span class="first"><span class="who">{title(c)}</span>{c.unread > 0 && !takeable && <span class="badge">{w.contact.unread(c.unread)}</span>}</span>
    <span class="second">{second(c)}</span>
  </>;
  return (
    <li class={here ? 'item here' : 'item'}>
      {readable
        ? <button class="row" aria-current={here ? 'true' : undefined} onClick={() => select(c.id)}>{inside}</button>
        : <div class="row">{inside}</div>}
      {takeable && <button class="small take" aria-label={`${w.people.take}: ${title(c)}`} onClick={() => void take(c.id)}>{w.people.take}</button>}
    </li>
  );
}

/** The second line: what matters most about this contact, in words. */
function second(c: Contact): ComponentChildren {
  const w = words.value, with_ = c.assignee && c.assignee !== me.value?.id ? model.value.users[c.assignee]?.name : '';
  const parts: ComponentChildren[] = [];
  if (c.danger_since) parts.push(<b class="danger">{w.danger.short(since(c.danger_since))}</b>);
  if (c.call?.silent && c.call.alive) parts.push(<b class="danger">{w.call.silent}</b>);
  if (c.stop_word) parts.push(<b class="danger">{w.contact.stopShort}</b>);
  if (c.priority >= 20) parts.push(<b class="danger">{w.contact.urgent}</b>);
  if (c.overdue) parts.push(<b class="danger">{w.contact.overdueFor(since(c.last_inbound_at ?? c.opened_at))}</b>);
  if (c.call && (c.state === 'live' || c.work === 'contact')) parts.push(briefly(c, c.call));
  else if (c.work !== 'contact') parts.push(w.work[c.work]);
  if (c.language || c.guess) parts.push(tongue(c));
  if (asksFor(c)) parts.push(asksFor(c));
  if (c.unfit_since && c.state === 'waiting') parts.push(<b class="danger">{w.contact.unfit}</b>);
  if (c.transfer_to && c.state === 'live') parts.push(w.contact.asked(nameOf(c.transfer_to)));
  if (with_) parts.push(w.contact.with(with_));
  if (c.preferred && c.preferred === me.value?.id && c.state !== 'live') parts.push(w.contact.ready);
  if (c.state === 'closed') parts.push(w.contact.closed);
  else if (c.overdue) { /* said above */ }
  else if (c.state !== 'live') parts.push(w.contact.waits(wait(c)));
  else if (c.reply_by && until(c.reply_by) < 2 * 3600) parts.push(<b class="warn">{w.contact.closes(span(until(c.reply_by)))}</b>);
  else if (c.call?.alive && c.call.talking_since) parts.push(since(c.call.talking_since));
  else if (c.last_inbound_at && !c.call) parts.push(w.contact.heard(since(c.last_inbound_at)));
  return parts.map((p, i) => <span key={i}>{i > 0 && ' · '}{p}</span>);
}

/** A name that the finder can be asked for. */
export function called(c: Contact): string {
  return `${title(c)} ${tail(c)} ${language(c.guess || c.language)}`;
}
