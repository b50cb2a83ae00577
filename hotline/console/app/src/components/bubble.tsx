// One message, in any script and direction, with its state in words.
import { useSignal } from '@preact/signals';
import { again, reuse, takeBack } from '../actions.ts';
import { hm, thing } from '../format.ts';
import { words } from '../i18n/words.ts';
import type { Unsent } from '../outbox.ts';
import { nameOf } from '../people.ts';
import type { Media, Message } from '../protocol.ts';
import { link, me, sentence } from '../state.ts';

export function Bubble({ m, contact, quiet }: { m: Message; contact: string; quiet: boolean }) {
  const w = words.value, own = m.by === me.value?.id;
  const name = m.direction === 'in' ? w.talk.them : own ? w.talk.you : w.talk.by(nameOf(m.by));
  const failed = m.status === 'failed', key = keyOf(m);
  return (
    <li class={`msg ${m.direction}`}>
      <div class={failed || key === 'danger' ? 'bubble failed' : 'bubble'}>
        <span class="unseen">{name}: </span>
        {m.text && <p dir="auto">{key ? pressed(key) : m.text}</p>}
        {m.media.map((x) => <Thing key={x.id} x={x} />)}
      </div>
      {!quiet && (
        <p class="meta">
          {m.direction === 'out' && !own && `${nameOf(m.by)} · `}
          <time dateTime={m.at}>{hm(m.at)}</time>
          {m.status && <> · <span class={`state ${m.status}`}>{w.message[m.status]}</span></>}
          {failed && m.error && <span class="reason">{m.error.message || m.error.code}</span>}
        </p>
      )}
      {failed && own && m.text && <p class="buttons"><button class="small" onClick={() => reuse(contact, m.text)}>{w.message.reuse}</button></p>}
    </li>
  );
}

/** What came with the words. Nothing is asked for until she presses: a picture may be of anything. */
function Thing({ x }: { x: Media }) {
  const shown = useSignal(false), w = words.value.message, name = thing(x), at = `/api/media/${encodeURIComponent(x.id)}`;
  if (x.size === 0 || x.lost) return <p class="thing">{name}</p>;
  switch (x.type.split('/')[0]) {
    case 'audio': return <audio controls preload="none" src={at} aria-label={name} />;
    case 'video': return <video controls preload="none" src={at} aria-label={name} />;
    case 'image': return shown.value ? <img src={at} alt={name} /> : <p><button class="small" onClick={() => { shown.value = true; }}>{w.show(name)}</button></p>;
  }
  return <p><a href={at} download>{w.save(name)}</a></p>;
}

/** What a caller meant by a key that she pressed: the house writes it as a message of a form of its own. */
function keyOf(m: Message): string {
  const meant = m.direction === 'in' ? /^\[pressed: (\w+)\]$/.exec(m.text)?.[1] ?? '' : '';
  return meant in words.value.call.meanings ? meant : '';
}

const keys: Record<string, string> = { yes: '1', no: '2', danger: '0', voicemail: '1', callback: '2', silent: '3', woman: '4' };

/** The key and its meaning, in the language of the page. */
function pressed(meant: string): string {
  return words.value.call.pressed(keys[meant] ?? '', words.value.call.meanings[meant] ?? meant);
}

/** A message that the server has not confirmed. It never leaves by itself. */
export function Pending({ u }: { u: Unsent }) {
  const w = words.value.message, failed = u.state === 'failed', ask = u.state === 'ask';
  const state = u.state === 'sending' ? w.sending : u.state === 'waiting' ? (link.value === 'online' ? w.sending : w.waiting) : w.notSent;
  return (
    <li class="msg out">
      <div class={failed ? 'bubble failed' : 'bubble unsent'}>
        <span class="unseen">{words.value.talk.you}: </span>
        <p dir="auto">{u.text}</p>
      </div>
      <p class="meta" role="status">
        <time dateTime={u.at}>{hm(u.at)}</time> · <span class={failed ? 'state failed' : 'state'}>{state}</span>
        {failed && <span class="reason">{u.code === 'unsafe' && u.message ? u.message : sentence(u.code)}</span>}
      </p>
      {ask && (
        <div class="ask" role="alert">
          <p><strong>{w.ask}</strong></p>
          <p>{w.askHelp}</p>
          <p class="buttons">
            <button class="main" onClick={() => again(u, true)}>{w.safe}</button>
            <button onClick={() => takeBack(u)}>{w.unsafe}</button>
          </p>
        </div>
      )}
      {failed && (
        <p class="buttons">
          <button class="small" onClick={() => again(u)}>{w.again}</button>
          <button class="small" onClick={() => takeBack(u)}>{w.edit}</button>
          <button class="small" onClick={() => void navigator.clipboard?.writeText(u.text)}>{w.copy}</button>
        </p>
      )}
    </li>
  );
}
