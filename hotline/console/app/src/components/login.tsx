// The log-in, and the one page that an account without a second factor may see.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as api from '../api.ts';
import { words } from '../i18n/words.ts';
import { enter } from '../session.ts';
import { ended, gate } from '../state.ts';
import { Languages } from './me.tsx';

function fault(status: number): string {
  const w = words.value.login;
  if (status === 0 || status >= 500) return w.later;
  return status === 429 ? w.slow : w.wrong;
}

/** One field with its name above it; known to password managers by its autocomplete. */
function Field(p: { id: string; label: string; type: 'email' | 'password' | 'text'; complete: string; required?: boolean; help?: string; figures?: boolean; focus?: boolean }) {
  return (
    <p class="field">
      <label for={p.id}>{p.label}</label>
      <input id={p.id} name={p.id} type={p.type as 'text'} autocomplete={p.complete} required={p.required ?? true} autofocus={p.focus ?? false}
        autocapitalize="none" spellcheck={false} {...(p.figures ? { inputmode: 'numeric' as const, maxLength: 10 } : {})}
        {...(p.help ? { 'aria-describedby': `${p.id}-help` } : {})} />
      {p.help && <small id={`${p.id}-help`}>{p.help}</small>}
    </p>
  );
}

export function Login() {
  const w = words.value.login, error = useSignal(''), busy = useSignal(false);
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    const form = e.currentTarget as HTMLFormElement, f = new FormData(form);
    busy.value = true;
    const a = await api.login(String(f.get('email')).trim(), String(f.get('password')), String(f.get('code')).replace(/\s/g, ''));
    busy.value = false;
    if (a.status === 200) { ended.value = false; enter(a.body?.enrol === true); return; }
    error.value = fault(a.status);
    form.querySelector<HTMLInputElement>('#password')?.select();
  }
  return (
    <main class="sheet">
      <h1>{words.value.name}</h1>
      {ended.value && !error.value && <p class="line warn" role="status">{w.ended}</p>}
      {error.value && <p class="line danger" role="alert">{error.value}</p>}
      <form onSubmit={submit}>
        <Field id="email" label={w.email} type="email" complete="username" focus />
        <Field id="password" label={w.password} type="password" complete="current-password" />
        <Field id="code" label={w.code} type="text" complete="one-time-code" required={false} help={w.codeHelp} figures />
        <p><button class="main wide" disabled={busy.value}>{w.submit}</button></p>
      </form>
      <Languages />
    </main>
  );
}

export function Enrol() {
  const w = words.value.enrol, key = useSignal<{ secret: string; otpauth: string } | null>(null);
  const error = useSignal(''), done = useSignal(false);
  async function start() {
    const a = await api.startTOTP();
    if (a.status === 200 && a.body) key.value = a.body;
    else if (a.status === 401) gate.value = 'login';
    else error.value = words.value.login.later;
  }
  useEffect(() => { void start(); }, []);
  async function submit(e: SubmitEvent) {
    e.preventDefault();
    const f = new FormData(e.currentTarget as HTMLFormElement);
    const a = await api.confirmTOTP(String(f.get('code')).replace(/\s/g, ''));
    done.value = a.status === 204 || a.status === 200;
    error.value = done.value ? '' : a.status === 0 || a.status >= 500 ? words.value.login.later : w.wrong;
  }
  if (done.value) {
    return (
      <main class="sheet">
        <h1>{w.title}</h1>
        <p class="line ok" role="status">{w.done}</p>
        <p><button class="main wide" autofocus onClick={() => { gate.value = 'login'; }}>{words.value.login.title}</button></p>
      </main>
    );
  }
  return (
    <main class="sheet">
      <h1>{w.title}</h1>
      <p>{w.why}</p>
      {error.value && <p class="line danger" role="alert">{error.value}</p>}
      {key.value && <>
        <p class="field"><span>{w.key}</span><code class="key">{key.value.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>
        <p><a href={key.value.otpauth}>{w.link}</a></p>
        <form onSubmit={submit}>
          <Field id="code" label={w.code} type="text" complete="one-time-code" figures focus />
          <p><button class="main wide">{w.submit}</button></p>
        </form>
      </>}
    </main>
  );
}
