// The words of the page in the language that is chosen; reading them in a component makes it follow a change.
import { computed, signal } from '@preact/signals';
import { da } from './da.ts';
import { en } from './en.ts';

export type Lang = 'en' | 'da';

export const lang = signal<Lang>(navigator.language.startsWith('da') ? 'da' : 'en');
export const words = computed(() => lang.value === 'da' ? da : en);
