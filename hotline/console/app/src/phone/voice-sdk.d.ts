// The little of the carrier's library that the page uses. It is loaded when it is needed, and then stands in Twilio.
declare module 'voice-sdk' {}

interface VoiceCall {
  parameters: Record<string, string>;
  accept(options: { rtcConstraints: MediaStreamConstraints }): void;
  reject(): void;
  disconnect(): void;
  mute(on: boolean): void;
  sendDigits(keys: string): void;
  status(): string;
  on(event: 'accept' | 'disconnect' | 'cancel' | 'reject', f: () => void): void;
  on(event: 'error', f: (e: { code: number }) => void): void;
}

interface VoiceDevice {
  register(): Promise<void>;
  updateToken(token: string): void;
  destroy(): void;
  on(event: 'registered' | 'unregistered' | 'tokenWillExpire', f: () => void): void;
  on(event: 'incoming', f: (call: VoiceCall) => void): void;
  on(event: 'error', f: (e: { code: number }) => void): void;
}

declare var Twilio: { Device: new (token: string, options: Record<string, unknown>) => VoiceDevice };
