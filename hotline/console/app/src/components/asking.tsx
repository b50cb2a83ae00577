// Asking somebody who cannot talk: a short question is spoken to her, and she presses 1 for yes, 2 for no, 0 for danger.
// What she presses comes into the conversation like a message.
import { useSignal } from '@preact/signals';
import { askByKeys, asked, questionFault, stopKeys } from '../calling.ts';
import { language } from '../format.ts';
import { lang, words } from '../i18n/words.ts';
import { closest } from '../phrases.ts';
import type { Call, Contact } from '../protocol.ts';
import { questions } from '../questions.ts';

export function Asking({ c, k, close }: { c: Contact; k: Call; close(): void }) {
  const w = words.value.call, own = useSignal(''), fault = useSignal(''), to = closest(c.language || c.guess);
  async function ask(question: string) {
    const why = await askByKeys(c.id, question);
    fault.value = why ? questionFault(why) : '';
    if (!why && question === own.value) own.value = '';
  }
  const last = asked.value[c.id];
  return (
    <section class="asking" aria-label={w.askByKeys}>
      <div class="head">
        <p><b>{w.keysMean}</b> {k.keys && last && <span class="soft">{w.asked(last)}</span>}</p>
        <span class="buttons">
          {k.keys && <button class="small" onClick={() => { close(); void stopKeys(c.id); }}>{w.talkAgain}</button>}
          {!k.keys && <button class="small quiet" onClick={close}>{words.value.close}</button>}
        </span>
      </div>
      <p class="soft">{w.spoken(language(to))}</p>
      {fault.value && <p class="line danger" role="alert">{fault.value}</p>}
      <div class="questions">
        {questions.map((q) => (
          <button key={q.id} onClick={() => void ask(q[to])}>
            <span lang={lang.value}>{q[lang.value]}</span>
            {to !== lang.value && <small lang={to} dir="auto">{q[to]}</small>}
          </button>
        ))}
      </div>
      <form class="own" onSubmit={(e) => { e.preventDefault(); if (own.value.trim()) void ask(own.value); }}>
        <label for="question" class="unseen">{w.ownQuestion}</label>
        <input id="question" type="text" dir="auto" maxLength={200} autocomplete="off" placeholder={w.ownQuestion} value={own.value}
          onInput={(e) => { fault.value = ''; own.value = e.currentTarget.value; }} />
        <button disabled={own.value.trim() === ''}>{w.ask}</button>
      </form>
    </section>
  );
}
