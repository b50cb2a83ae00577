// One message, in any script and direction, with its state in words.
import { again, reuse, takeBack } from '../actions.ts';
import { hm, thing } from '../format.ts';
import { words } from '../i18n/words.ts';
import type { Unsent } from '../outbox.ts';
import type { Media, Message } from '../protocol.ts';
import { link, me, model, sentence } from '../state.ts';

export function Bubble({ m, contact, quiet }: { m: Message; contact: string; quiet: boolean }) {
  const w = words.value, own = m.by === me.value?.id;
  const name = m.direction === 'in' ? w.talk.them : own ? w.talk.you : w.talk.by(model.value.users[m.by]?.name ?? w.dash);
  const failed = m.status === 'failed';
  return (
    <li class={`msg ${m.direction}`}>
      <div class={failed ? 'bubble failed' : 'bubble'}>
        <span class="unseen">{name}: </span>
        {m.text && <p dir="auto">{pressed(m)}</p>}
        {m.media.map((x) => <Thing key={x.id} x={x} />)}
      </div>
      {!quiet && (
        <p class="meta">
          {m.direction === 'out' && !own && `${model.value.users[m.by]?.name ?? w.dash} · `}
          <time dateTime={m.at}>{hm(m.at)}</time>
          {m.status && <> · <span class={`state ${m.status}`}>{w.message[m.status]}</span></>}
          {failed && m.error && <span class="reason">{m.error.message || m.error.code}</span>}
        </p>
      )}
      {failed && own && m.text && <p class="buttons"><button class="small" onClick={() => reuse(contact, m.text)}>{w.message.reuse}</button></p>}
    </li>
  );
}

/** A voice note or voicemail is played here, and asked for only when she presses; anything else is named. */
function Thing({ x }: { x: Media }) {
  if (!x.type.startsWith('audio/') || x.size === 0) return <p class="thing">{thing(x)}</p>;
  return <audio controls preload="none" src={`/api/media/${encodeURIComponent(x.id)}`} aria-label={thing(x)} />;
}

/** A key that a caller pressed, in the language of the page; all else is as it was written. */
function pressed(m: Message): string {
  const key = m.direction === 'in' ? /^\[pressed (.): (\w+)\]$/.exec(m.text) : null;
  return key ? words.value.call.pressed(key[1] ?? '', words.value.call.meanings[key[2] ?? ''] ?? key[2] ?? '') : m.text;
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
