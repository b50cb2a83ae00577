// Ready phrases, side by side. Neutral words only: no organisation, no telling word, no link.
// A language is unreviewed until a speaker has signed for it here.

export const languages = ['da', 'en', 'pcm', 'ro', 'th'] as const;
export type PhraseLanguage = (typeof languages)[number];

/** Who signed for each language: nobody yet. */
export const reviewed: Partial<Record<PhraseLanguage, string>> = {};

export type Phrase = { id: string } & Record<PhraseLanguage, string>;

export const phrases: Phrase[] = [
  { id: 'here', en: 'I am here.', da: 'Jeg er her.', pcm: 'I dey here.', ro: 'Sunt aici.', th: 'ฉันอยู่ตรงนี้' },
  {
    id: 'safe', en: 'Are you safe to write now?', da: 'Er det sikkert for dig at skrive nu?',
    pcm: 'E safe make you dey write now?', ro: 'Poți scrie acum în siguranță?', th: 'ตอนนี้คุณพิมพ์ข้อความได้อย่างปลอดภัยไหม',
  },
  {
    id: 'phone', en: 'Is this phone only yours?', da: 'Er det kun dig, der bruger denne telefon?',
    pcm: 'Na only you dey use this phone?', ro: 'Doar tu folosești acest telefon?', th: 'โทรศัพท์เครื่องนี้คุณใช้คนเดียวไหม',
  },
  {
    id: 'danger', en: 'Are you in danger now?', da: 'Er du i fare lige nu?',
    pcm: 'You dey for danger now?', ro: 'Ești în pericol acum?', th: 'ตอนนี้คุณตกอยู่ในอันตรายไหม',
  },
  {
    id: 'yesno', en: 'You can answer with just yes or no.', da: 'Du kan bare svare ja eller nej.',
    pcm: 'You fit just answer yes or no.', ro: 'Poți răspunde doar cu da sau nu.', th: 'ตอบแค่ใช่หรือไม่ใช่ก็ได้',
  },
  {
    id: 'language', en: 'Which language do you prefer?', da: 'Hvilket sprog vil du helst bruge?',
    pcm: 'Which language you prefer?', ro: 'Ce limbă preferi?', th: 'คุณสะดวกใช้ภาษาอะไร',
  },
  {
    id: 'where', en: 'Can you tell me where you are?', da: 'Kan du fortælle mig, hvor du er?',
    pcm: 'You fit tell me where you dey?', ro: 'Îmi poți spune unde ești?', th: 'บอกได้ไหมว่าคุณอยู่ที่ไหน',
  },
  {
    id: 'age', en: 'Are you under 18?', da: 'Er du under 18 år?',
    pcm: 'You never reach 18 years?', ro: 'Ai sub 18 ani?', th: 'คุณอายุต่ำกว่า 18 ปีไหม',
  },
  {
    id: 'call', en: 'Do you want me to call you?', da: 'Vil du have, at jeg ringer til dig?',
    pcm: 'You want make I call you?', ro: 'Vrei să te sun?', th: 'คุณอยากให้โทรหาไหม',
  },
  { id: 'time', en: 'Take your time.', da: 'Tag dig god tid.', pcm: 'No rush, take your time.', ro: 'Nu te grăbi.', th: 'ไม่ต้องรีบ' },
  {
    id: 'wait', en: 'Please wait a moment.', da: 'Vent et øjeblik.',
    pcm: 'Abeg wait small.', ro: 'Te rog, așteaptă puțin.', th: 'กรุณารอสักครู่',
  },
  {
    id: 'stop', en: 'You can stop at any time.', da: 'Du kan stoppe når som helst.',
    pcm: 'You fit stop anytime.', ro: 'Te poți opri oricând.', th: 'คุณหยุดได้ทุกเมื่อ',
  },
  {
    id: 'delete', en: 'Delete these messages if it is safe to do so.', da: 'Slet disse beskeder, hvis det er sikkert.',
    pcm: 'Delete these messages if e safe.', ro: 'Șterge aceste mesaje dacă e sigur pentru tine.', th: 'ลบข้อความเหล่านี้ ถ้าทำได้อย่างปลอดภัย',
  },
  {
    id: 'end', en: 'I must end now. You can write again at any time.', da: 'Jeg er nødt til at slutte nu. Du kan skrive igen når som helst.',
    pcm: 'I gats end am now. You fit write again anytime.', ro: 'Trebuie să închei acum. Poți scrie din nou oricând.',
    th: 'ตอนนี้ต้องจบการสนทนาแล้ว คุณเขียนมาใหม่ได้ทุกเมื่อ',
  },
];

/** The language to show first for somebody whose language is thought to be this. */
export function closest(code: string): PhraseLanguage {
  return languages.find((l) => l === code) ?? 'en';
}
