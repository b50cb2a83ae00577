// The field for the answer: one draft for each contact, parts counted as typed, the clock of WhatsApp.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { send } from '../actions.ts';
import * as clock from '../clock.ts';
import { draft, write } from '../drafts.ts';
import { span, title, until } from '../format.ts';
import { words } from '../i18n/words.ts';
import type { Contact } from '../protocol.ts';
import { count } from '../segments.ts';
import { enterSends, hasKeyboard } from '../settings.ts';
import { layer } from '../view.ts';

const most = 16 * 1024; // bytes that the server takes in one go

/** A press on a button beside the field leaves the focus in it: else the bar below comes back, and the button moves away under the thumb. */
const keep = (e: Event): void => e.preventDefault();

export function Composer({ c }: { c: Contact }) {
  clock.minute.value;
  const w = words.value.composer, text = draft('reply', c.id), field = useRef<HTMLTextAreaElement>(null);
  const long = new TextEncoder().encode(text).length > most;
  useLayoutEffect(() => grow(field.current), [text]);
  const shut = c.channel === 'whatsapp' && c.reply_by !== null && until(c.reply_by) <= 0;
  if (shut || !c.can_reply) {
    return <p class="foot soft">{shut || c.channel === 'whatsapp' && c.reply_by ? w.shut : w.cannot}</p>;
  }
  function go() {
    if (text.trim() === '' || long) return;
    send(c.id, text);
    field.current?.focus();
  }
  function key(e: KeyboardEvent) {
    if (e.key !== 'Enter' || e.isComposing || e.keyCode === 229 || e.shiftKey) return; // 229: an input method still composes
    if (!(e.ctrlKey || e.metaKey || enterSends.value)) return;
    e.preventDefault();
    if (!e.repeat) go(); // a key still held from another field sends nothing
  }
  return (
    <form class="composer" onSubmit={(e) => { e.preventDefault(); go(); }}>
      <div class="above"><label for="reply">{w.label(title(c))}</label><Room c={c} text={text} /></div>
      <textarea id="reply" ref={field} rows={2} dir="auto" placeholder={w.hint} value={text} aria-describedby="room"
        onInput={(e) => write('reply', c.id, e.currentTarget.value)} onKeyDown={key} />
      <div class="under">
        <button type="button" onMouseDown={keep} onClick={() => { layer.value = 'phrases'; }}>{w.phrases} <kbd class="desk">F4</kbd></button>
        <span class="soft hint">{long ? <b class="danger">{w.long}</b> : hasKeyboard ? (enterSends.value ? w.enter : w.ctrlEnter) : ''}</span>
        <button class="main" onMouseDown={keep} disabled={text.trim() === '' || long}>{w.send}</button>
      </div>
    </form>
  );
}

/** How much room there is: parts of an SMS, hours of WhatsApp. */
function Room({ c, text }: { c: Contact; text: string }) {
  const w = words.value.composer;
  if (c.channel === 'whatsapp' && c.reply_by) {
    const left = until(c.reply_by);
    return <span id="room" class={left < 2 * 3600 ? 'room warn' : 'room'}>{w.window(span(left))}</span>;
  }
  if (c.channel !== 'sms' || !text) return <span id="room" class="room" />;
  const n = count(text);
  return <span id="room" class="room">{n.alphabet === 'UCS-2' && <span class="desk">{w.unicode} · </span>}{w.parts(n.parts, n.units, n.units + n.left)}</span>;
}

/** The field is as high as its words, up to a third of the window. Its form holds still meanwhile, or the talk would move. */
function grow(el: HTMLTextAreaElement | null): void {
  const form = el?.form;
  if (!el || !form) return;
  form.style.minHeight = `${form.offsetHeight}px`;
  el.style.height = 'auto';
  el.style.height = `${Math.min(el.scrollHeight + 2, innerHeight / 3)}px`;
  form.style.minHeight = '';
}
