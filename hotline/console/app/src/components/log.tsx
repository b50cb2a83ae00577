// The words, oldest first: kept at the end while she reads at the end, and never moved while she reads elsewhere.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useComputed, useSignal } from '@preact/signals';
import * as clock from '../clock.ts';
import { dayName, dayOf, hm } from '../format.ts';
import { words } from '../i18n/words.ts';
import { unsent } from '../outbox.ts';
import type { Contact, Message } from '../protocol.ts';
import { older, seen } from '../reading.ts';
import { link, model } from '../state.ts';
import { pane } from '../view.ts';
import { Bubble, Pending } from './bubble.tsx';

const near = 40; // pixels from the end that still count as the end

export function Log({ c }: { c: Contact }) {
  const w = words.value.talk, box = useRef<HTMLDivElement>(null), list = useRef<HTMLDivElement>(null);
  const talk = model.value.talks[c.id], below = useSignal(0), pinned = useRef(true), last = useRef('');
  const mark = useMark(c, talk?.messages);
  const rows = useComputed(() => unsent.value.filter((u) => u.contact === c.id));

  const { stick, top } = useEnd(box, list, pinned);
  useLayoutEffect(() => {
    scrolled(); // a hand may have moved it a moment ago
    count(talk?.messages ?? [], last, pinned.current, below);
  }, [talk?.messages]);
  useSeen(c, talk !== undefined);
  const newest = rows.value[rows.value.length - 1]?.ref;
  useLayoutEffect(() => { if (newest) toEnd(); }, [newest]); // what she sends she sees

  function scrolled() {
    const el = box.current;
    if (!el) return;
    const end = el.scrollHeight - el.clientHeight;
    // The browser tells of a scroll a frame late, and the height may have changed since. Only a hand moves it upwards.
    const hand = el.scrollTop < Math.min(top.current, end) - 1;
    if (pinned.current && !hand) { stick(); return; }
    pinned.current = end - el.scrollTop < near;
    if (pinned.current) below.value = 0;
  }
  function toEnd() {
    pinned.current = true;
    below.value = 0;
    stick();
  }
  const messages = talk?.messages ?? [];
  return (
    <div class="logbox">
      <div class="log" role="log" aria-label={w.log} tabIndex={0} ref={box} onScroll={scrolled}>
        <div ref={list}>
          {talk?.more && <p class="center"><button class="small" onClick={() => void keepPlace(box.current, () => older(c.id))}>{w.earlier}</button></p>}
          {!talk && <p class="center soft">{w.loading}</p>}
          {talk && messages.length === 0 && rows.value.length === 0 && <p class="center soft">{c.call ? words.value.call.empty : w.empty}</p>}
          <ol class="plain">
            {messages.map((m, i) => <Entry key={m.ref || m.id} contact={c.id} m={m} before={messages[i - 1]} after={messages[i + 1]} marked={m.id === mark} />)}
            {rows.value.map((u) => <Pending key={u.ref} u={u} />)}
          </ol>
        </div>
      </div>
      {below.value > 0 && <button class="below" onClick={toEnd}>{w.below(below.value)} ↓</button>}
    </div>
  );
}

/** One message, with the day above it when it is the first of a day, and the mark of what is new. */
function Entry({ m, contact, before, after, marked }: { m: Message; contact: string; before: Message | undefined; after: Message | undefined; marked: boolean }) {
  const newDay = !before || dayOf(before.at) !== dayOf(m.at);
  const quiet = after !== undefined && after.direction === m.direction && after.by === m.by && after.status === m.status
    && hm(after.at) === hm(m.at) && dayOf(after.at) === dayOf(m.at) && !m.error;
  return (
    <>
      {newDay && <li class="day"><span>{dayName(m.at)}</span></li>}
      {marked && <li class="new"><span>{words.value.talk.newLine}</span></li>}
      <Bubble m={m} contact={contact} quiet={quiet} />
    </>
  );
}

/** The first message that was unread when the talk was opened; it stays marked until she leaves. */
function useMark(c: Contact, messages: Message[] | undefined): string {
  const mark = useRef<string | null>(null);
  const unread = useRef(c.unread);
  if (mark.current === null && messages) {
    const inbound = messages.filter((m) => m.direction === 'in');
    mark.current = unread.current > 0 && unread.current < messages.length ? inbound[inbound.length - unread.current]?.id ?? '' : '';
  }
  return mark.current ?? '';
}

/** Counts what came while she reads higher up. */
function count(messages: Message[], last: { current: string }, pinned: boolean, below: { value: number }): void {
  const at = messages.findIndex((m) => m.id === last.current);
  if (!pinned && last.current && at >= 0) below.value += messages.slice(at + 1).filter((m) => m.direction === 'in').length;
  last.current = messages[messages.length - 1]?.id ?? '';
}

interface Box { current: HTMLElement | null }

/** Stays at the end through every change of height: of the words, and of the pane itself. */
function useEnd(box: Box, list: Box, pinned: { current: boolean }): { stick(): void; top: { current: number } } {
  const top = useRef(0);
  function stick() {
    const el = box.current;
    if (!el || !pinned.current) return;
    el.scrollTop = el.scrollHeight;
    top.current = el.scrollTop;
  }
  useLayoutEffect(() => {
    const el = box.current, inner = list.current;
    if (!el || !inner) return;
    stick();
    const watch = new ResizeObserver(stick);
    watch.observe(el);
    watch.observe(inner);
    return () => watch.disconnect();
  }, []);
  return { stick, top };
}

/** Tells the server once the words are before her eyes. */
function useSeen(c: Contact, loaded: boolean): void {
  const shown = useSignal(!document.hidden);
  useEffect(() => {
    const change = () => { shown.value = !document.hidden; };
    document.addEventListener('visibilitychange', change);
    return () => document.removeEventListener('visibilitychange', change);
  }, []);
  const narrow = matchMedia('(max-width: 759px)').matches && pane.value !== 'talk';
  const due = loaded && shown.value && !narrow && link.value === 'online' && c.unread > 0;
  useEffect(() => { if (due) seen(c); }, [due, c.unread]);
  clock.minute.value;
}

/** What she reads stays where it is while earlier words come in above it. */
async function keepPlace(el: HTMLElement | null, load: () => Promise<void>): Promise<void> {
  if (!el) return;
  const fromEnd = el.scrollHeight - el.scrollTop;
  await load();
  requestAnimationFrame(() => { el.scrollTop = el.scrollHeight - fromEnd; });
}
