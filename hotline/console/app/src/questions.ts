// Short questions for yes and no, spoken to a caller who cannot talk. Neutral words only: somebody else may hear them.
// A language is unreviewed until a speaker has signed for it in phrases.ts.
import type { Phrase } from './phrases.ts';

export const questions: Phrase[] = [
  {
    id: 'safe', en: 'Are you safe right now?', da: 'Er du i sikkerhed lige nu?',
    pcm: 'You dey safe now?', ro: 'Ești în siguranță acum?', th: 'ตอนนี้คุณปลอดภัยไหม',
  },
  {
    id: 'alone', en: 'Are you alone?', da: 'Er du alene?',
    pcm: 'Na only you dey there?', ro: 'Ești singură sau singur?', th: 'ตอนนี้คุณอยู่คนเดียวไหม',
  },
  {
    id: 'leave', en: 'Can you leave where you are?', da: 'Kan du gå derfra, hvor du er?',
    pcm: 'You fit comot from where you dey?', ro: 'Poți pleca de unde ești?', th: 'คุณออกจากที่ที่อยู่ตอนนี้ได้ไหม',
  },
  {
    id: 'hurt', en: 'Are you hurt?', da: 'Er du kommet til skade?',
    pcm: 'You don wound?', ro: 'Ești rănită sau rănit?', th: 'คุณบาดเจ็บไหม',
  },
  {
    id: 'help', en: 'Do you want me to send help?', da: 'Skal jeg sende hjælp?',
    pcm: 'You want make I send help?', ro: 'Vrei să trimit ajutor?', th: 'ต้องการให้ส่งคนไปช่วยไหม',
  },
  {
    id: 'child', en: 'Are you under 18?', da: 'Er du under 18 år?',
    pcm: 'You never reach 18 years?', ro: 'Ai sub 18 ani?', th: 'คุณอายุต่ำกว่า 18 ปีไหม',
  },
  {
    id: 'write', en: 'Can you write to this number instead?', da: 'Kan du skrive til dette nummer i stedet?',
    pcm: 'You fit write message to this number instead?', ro: 'Poți scrie la acest număr în schimb?', th: 'คุณส่งข้อความมาที่เบอร์นี้แทนได้ไหม',
  },
  {
    id: 'back', en: 'Do you want me to call you later?', da: 'Skal jeg ringe til dig senere?',
    pcm: 'You want make I call you later?', ro: 'Vrei să te sun mai târziu?', th: 'ต้องการให้โทรกลับภายหลังไหม',
  },
];
