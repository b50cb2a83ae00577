// The words of duties in the language that is chosen; apart from the rest, so that they come with the pages that use them.
import { computed } from '@preact/signals';
import { da } from '../i18n/da_duty.ts';
import { en } from '../i18n/en_duty.ts';
import { lang } from '../i18n/words.ts';

export const words = computed(() => lang.value === 'da' ? da : en);
