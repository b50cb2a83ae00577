package simulator

import (
	"context"
	"encoding/binary"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// mostLoops stands for a loop without end.
const mostLoops = 1000

func (x *script) say(v element) flow {
	words := v.words()
	if x.l.direction != inboundCall {
		x.l.c.leaking(x.l, "what another leg is told", words)
	}
	heard := Heard{Verb: "Say", Text: words, Language: v.value("language"), Voice: v.value("voice")}
	return x.sound(v, heard, x.l.c.speaks(words))
}

func (x *script) play(v element) flow {
	if digits, tones := v.attr("digits"); tones {
		return x.sound(v, Heard{Verb: "Play", Text: "tones " + digits}, 0)
	}
	address := x.resolve(v.words())
	if address == "" || strings.TrimSpace(v.Text) == "" {
		return x.fail(codeSchema, "a Play without an address")
	}
	x.l.c.leaking(nil, "the address of a sound", address)
	return x.sound(v, Heard{Verb: "Play", Text: address}, x.fetchSound(address))
}

// sound lets the leg hear something as often as its loop says.
func (x *script) sound(v element, h Heard, takes time.Duration) flow {
	times := v.count("loop", 1)
	if times == 0 {
		times = mostLoops
	}
	for i := range times {
		if i > 0 && takes == 0 && x.breathe() == ends {
			return ends
		}
		x.l.c.mu.Lock()
		x.l.hears(h)
		x.l.c.mu.Unlock()
		if x.rest(takes) == ends {
			return ends
		}
	}
	return goesOn
}

// speaks is how long words take, in the time of the call.
func (c *Carrier) speaks(words string) time.Duration {
	if c.cfg.SpeechRate <= 0 {
		return 0
	}
	return time.Duration(float64(utf8.RuneCountInString(words)) / c.cfg.SpeechRate * float64(time.Second))
}

// fetchSound gets a sound as the carrier does and says how long it plays. One that cannot be had is an alert, and what
// is no sound a fault; the document goes on.
func (x *script) fetchSound(address string) time.Duration {
	c := x.l.c
	h := hook{url: address, method: http.MethodGet, sid: x.l.sid, token: newSID(""), kind: audioHook}
	got := make(chan Answer, 1)
	c.spawn(func(ctx context.Context) { attempts := c.call(ctx, h); got <- attempts[len(attempts)-1] })
	select {
	case a := <-got:
		if !a.OK() || c.cfg.SpeechRate <= 0 {
			return 0
		}
		return lasts(a.Body)
	case <-x.ctx.Done():
		return 0
	}
}

// lasts is the length of a WAV file by its header, and of anything else a guess by its size.
func lasts(sound string) time.Duration {
	rate := uint32(8000)
	if strings.HasPrefix(sound, "RIFF") && len(sound) > 44 {
		rate = max(binary.LittleEndian.Uint32([]byte(sound[28:32])), 1)
	}
	return time.Duration(len(sound)) * time.Second / time.Duration(rate)
}

func judgeSound(a Answer) (code int, problem string) {
	kind, _, _ := mime.ParseMediaType(a.ContentType)
	if !strings.HasPrefix(kind, "audio/") {
		return codeType, "something that is no sound"
	}
	return 0, ""
}
