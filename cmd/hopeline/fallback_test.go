package main

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hopeline/deploy/fallback"
	"hopeline/hotline"
)

const (
	annaPhone = "+4530111111"
	beaPhone  = "+4530222222"
)

// darkStage is a house with a fallback host on another machine, which is told of the rota: anna first, then bea.
type darkStage struct {
	*stage
	client *fallback.Client
}

func newDarkStage(t *testing.T) *darkStage {
	t.Helper()
	addr := freeAddr(t)
	own := &url.URL{Scheme: "http", Host: addr}
	d := &darkStage{}
	d.stage = emptyStage(t, func(c *config, times *tuning) {
		times.rules.Call.Lap = time.Hour // a house that is about to die rings nobody once more
		c.Fallback = fallbackConfig{URL: own, Token: strings.Repeat("k", fallback.TokenLength), Addr: addr, File: filepath.Join(t.TempDir(), "plan")}
	})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"fallback"}, d.hostEnviron(), strings.NewReader(""), d.log, d.log) }()
	d.client = fallback.NewClient(own, d.config.Fallback.Token)
	t.Cleanup(func() {
		d.closeCompany()
		d.client.Close()
		stop()
		if err := <-ended; err != nil {
			t.Error("hopeline fallback ended with:", err)
		}
	})
	hooks := hooks(d.config, d.config.Lines[0])
	hooks.VoiceFallback = own.String() + "/voice"
	d.company.Number(demoLine, hooks)
	eventually(t, "the host listens", func() bool { // a house that pushes sooner tries again ten seconds later
		_, err := d.client.Digest(t.Context())
		return errors.Is(err, fallback.ErrNoPlan)
	})
	d.start()
	d.told("", func() {})
	d.hires("anna", hotline.Counsellor, annaPhone, "da", "en")
	d.hires("bea", hotline.Counsellor, beaPhone, "en")
	d.company.Phone(annaPhone).Named("anna")
	d.company.Phone(beaPhone).Named("bea")
	return d
}

// hostEnviron is the environment of the other machine.
func (d *darkStage) hostEnviron() []string {
	f := d.config.Fallback
	return []string{"HOPELINE_FALLBACK_URL=" + f.URL.String(), "HOPELINE_FALLBACK_TOKEN=" + f.Token, "HOPELINE_FALLBACK_ADDR=" + f.Addr,
		"HOPELINE_FALLBACK_FILE=" + f.File, "TWILIO_AUTH_TOKEN=" + stageToken}
}

// told waits until the host has another plan than before, made after what do did, and gives its digest.
func (d *darkStage) told(before string, do func()) string {
	d.t.Helper()
	do()
	ctx := d.soon()
	for {
		digest, err := d.client.Digest(ctx)
		if err == nil && digest != before {
			return digest
		}
		select {
		case <-time.After(20 * time.Millisecond): // a host tells nobody when its plan changes
		case <-ctx.Done():
			d.t.Fatalf("the fallback host was told nothing new: %v", err)
		}
	}
}

// plans saves a rota of everybody around the clock, in this order.
func (d *darkStage) plans(emails ...string) {
	d.t.Helper()
	var slots []string
	for _, day := range "1234567" {
		for i, email := range emails {
			slots = append(slots, `{"day":`+string(day)+`,"start":"00:00","end":"24:00","tier":`+string(rune('1'+i))+`,"users":["`+email+`"]}`)
		}
	}
	doc := `{"line":"*","zone":"Europe/Copenhagen","slots":[` + strings.Join(slots, ",") + `]}`
	if _, _, err := d.house.duty.Import(d.t.Context(), []byte(doc), "a test"); err != nil {
		d.t.Fatal(err)
	}
}

func (d *darkStage) doctor() string {
	var out lockedBuffer
	env := append((&process{stage: d.stage}).environ(), d.hostEnviron()[:4]...)
	run(d.t.Context(), []string{"doctor"}, env, strings.NewReader(""), &out, &out)
	return out.String()
}

func TestWhenTheHouseIsDeadTheSecondOnDutyTakesTheCall(t *testing.T) {
	t.Parallel()
	d := newDarkStage(t)
	empty, err := d.client.Digest(t.Context())
	d.must("ask for the digest", err)
	d.told(empty, func() { d.plans("anna@example.org", "bea@example.org") })
	if out := d.doctor(); !strings.Contains(out, "ok    fallback host") {
		t.Errorf("doctor, while both go by one rota:\n%s", out)
	}
	d.halt()
	d.company.Phone(annaPhone).Voicemail(5 * time.Second)
	d.company.Phone(beaPhone).Answers(0)
	call, err := d.company.Phone("+4520111111").Call(d.soon(), demoLine)
	d.must("call the hotline", err)
	leg, err := d.company.Phone(beaPhone).Talking(d.soon())
	d.must("ring bea", err)
	if leg.From() != demoLine {
		t.Error("her phone shows another number than the line's")
	}
	d.must("ask for a key", leg.Hear(d.soon(), "press 1"))
	if len(call.With()) != 0 {
		t.Error("she has the call before she pressed a key")
	}
	leg.Press("1")
	d.must("meet", call.Meet(d.soon(), leg))
	d.bye(call, leg)
}

func TestACallerInLineIsStillHelpedWhenTheHouseDies(t *testing.T) {
	t.Parallel()
	d := newDarkStage(t)
	empty, err := d.client.Digest(t.Context())
	d.must("ask for the digest", err)
	d.told(empty, func() { d.plans("bea@example.org") })
	d.company.Phone(beaPhone).Busy()
	call := d.calls("+4520111111")
	d.must("find her busy", d.company.Until(d.soon(), func() bool {
		calls := d.company.Phone(beaPhone).Calls()
		return len(calls) > 0 && isOver(calls[0])
	}))
	d.company.Phone(beaPhone).Answers(0, "1") // whenever the fallback rings her: the house may take long to end
	d.halt()
	leg, err := d.company.Phone(beaPhone).Talking(d.soon())
	d.must("ring bea", err)
	d.must("ask for a key", leg.Hear(d.soon(), "press 1"))
	d.must("meet", call.Meet(d.soon(), leg))
	d.bye(call, leg)
}

func TestDoctorTellsWhenTheFallbackHostIsBehind(t *testing.T) {
	t.Parallel()
	d := newDarkStage(t)
	empty, err := d.client.Digest(t.Context())
	d.must("ask for the digest", err)
	first := d.told(empty, func() { d.plans("anna@example.org") })
	d.must("push another plan", d.client.Push(t.Context(), fallback.Plan{Made: time.Now().Add(2 * time.Minute)}))
	if out := d.doctor(); !strings.Contains(out, "FAIL  fallback host") || !strings.Contains(out, "another plan") {
		t.Errorf("doctor, while the host goes by a plan that is not %s:\n%s", first[:8], out)
	}
	d.halt()
}

func TestTheFallbackCommandSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	whole := []string{"HOPELINE_FALLBACK_URL=https://f.example.org", "HOPELINE_FALLBACK_TOKEN=" + strings.Repeat("k", 32), "TWILIO_AUTH_TOKEN=t"}
	for i, want := range []string{"HOPELINE_FALLBACK_URL is not set", "HOPELINE_FALLBACK_TOKEN is not set", "TWILIO_AUTH_TOKEN is not set"} {
		var env []string
		for j, e := range whole {
			if i != j {
				env = append(env, e)
			}
		}
		err := run(t.Context(), []string{"fallback"}, env, nil, &lockedBuffer{}, &lockedBuffer{})
		if err == nil || !strings.Contains(err.Error(), want) || exitCode(err, &lockedBuffer{}) != 2 {
			t.Errorf("hopeline fallback = %v, want %q and exit 2", err, want)
		}
	}
	for _, e := range []string{"HOPELINE_FALLBACK_TOKEN=short", "HOPELINE_BACKUP=112", "HOPELINE_FALLBACK_URL=http://f.example.org", "HOPELINE_FALLBACK_ADDR=8090"} {
		if _, err := readConfig([]string{e}, false); err == nil || !strings.HasPrefix(err.Error(), strings.Split(e, "=")[0]) {
			t.Errorf("readConfig(%s) = %v, want its name and what is wrong", e, err)
		}
	}
}

func TestFixedDocumentsAreWritten(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "documents")
	env := []string{"HOPELINE_LINES=+4570201550,whatsapp:+4570201550", "HOPELINE_BACKUP=+4530999999", "HOPELINE_LANGUAGES=da"}
	var out lockedBuffer
	if err := run(t.Context(), []string{"fallback", "documents", "--base", "https://files.example.org/hope", folder}, env, nil, &out, &out); err != nil {
		t.Fatal(err)
	}
	voice, err := os.ReadFile(filepath.Join(folder, "voice-4570201550.xml"))
	if err != nil || !strings.Contains(string(voice), "https://files.example.org/hope/ask-4570201550.xml") || !strings.Contains(string(voice), "da-DK") {
		t.Errorf("the line's document = %s, %v", voice, err)
	}
	if err := run(t.Context(), []string{"fallback", "documents", folder}, env, nil, &out, &out); exitCode(err, &out) != 2 {
		t.Errorf("without --base = %v, want exit 2", err)
	}
}
