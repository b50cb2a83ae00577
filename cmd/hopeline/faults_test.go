package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"hopeline/deploy/testenv"
	"hopeline/hotline"
	"hopeline/hotline/carrier/simulator"
	"hopeline/hotline/intake"
)

// waiting lists who waits, in order.
func (d *desk) waiting() []contactJSON {
	d.t.Helper()
	var q struct {
		Waiting []contactJSON
		Total   int
	}
	d.decode(d.must("queue.list", args{}), &q)
	if q.Total != len(q.Waiting) {
		d.t.Errorf("queue.list: total %d, but %d listed", q.Total, len(q.Waiting))
	}
	return q.Waiting
}

func TestRedisIsFlushedInTheMiddle(t *testing.T) {
	t.Parallel()
	redis := testenv.NewRedis(t)
	s := newStage(t, func(c *config, _ *tuning) { c.RedisURL = redis.URL() })
	ann := s.counsellor("ann", "en")
	s.text("+4520111111", "one")
	id := ann.offered().ID
	redis.Flush()
	ann.must("offer.accept", args{"contact": id})
	s.text("+4520222222", "two")
	ann.takes()
	redis.Flush()
	s.text("+4520333333", "three")
	ann.takes()
}

func TestRedisGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	redis := testenv.NewRedis(t)
	s := newStage(t, func(c *config, t *tuning) {
		c.RedisURL = redis.URL()
		t.routing.Direct = time.Second
	})
	ann, bea := s.counsellor("ann", "en"), s.counsellor("bea", "en")
	redis.Stop()
	began := time.Now()
	s.text("+4520111111", "one")
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("taking a text in without Redis took %v", took)
	}
	first := takesFirst(t, ann, bea)
	first.wait("what she took", func() bool { return first.held() != "" })
	m := first.sends(first.holds(), "I am here", "r1")
	first.status(m.ID, "delivered")
	redis.Start()
	s.text("+4520222222", "two")
	takesFirst(t, ann, bea)
}

// takesFirst lets whichever of the desks is offered a contact take it.
func takesFirst(t *testing.T, desks ...*desk) *desk {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		for _, d := range desks {
			if d.has("offer.made", nil) {
				d.takes()
				return d
			}
		}
		select {
		case <-late:
			t.Fatal("nobody was offered the contact")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// holds gives the contact that the desk took last.
func (d *desk) holds() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.held()
}

// held is holds for who has the lock.
func (d *desk) held() string {
	id := ""
	for _, f := range d.frames {
		var data struct{ Contact contactJSON }
		if f.Event == "contact.changed" && json.Unmarshal(f.Data, &data) == nil && data.Contact.State == "live" {
			id = data.Contact.ID
		}
	}
	return id
}

func TestPostgresRestartsInTheMiddle(t *testing.T) {
	t.Parallel()
	server := testenv.NewPostgres(t)
	s := newStage(t, func(c *config, _ *tuning) { c.DatabaseURL = server.URL() })
	ann := s.counsellor("ann", "en")
	s.text("+4520111111", "before")
	id := ann.takes().ID
	server.Stop()
	r, err := s.company.Phone("+4520111111").Text(t.Context(), demoLine, "meanwhile")
	if err != nil || r.Answer.Status != 503 {
		t.Fatalf("a text while the database is down = %+v, %v; want 503", r.Answer, err)
	}
	if status, _ := s.get(s.config.Public.String(), "/readyz"); status != 503 {
		t.Errorf("/readyz while the database is down = %d, want 503", status)
	}
	ann.refused("unavailable", "note.add", args{"contact": id, "text": "x"})
	server.Start()
	again, err := s.company.Redeliver(t.Context(), r.SID, 1)
	if err != nil || !again[0].Answer.OK() {
		t.Fatalf("the text again = %+v, %v", again, err)
	}
	s.text("+4520111111", "after")
	got := ann.opens(id)
	if len(got.Messages) != 3 || got.Messages[1].Text != "meanwhile" || got.Messages[2].Text != "after" {
		t.Errorf("after the restart the record shows %+v", got.Messages)
	}
}

func TestAStormOfTexts(t *testing.T) {
	t.Parallel()
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, func(c *config, _ *tuning) {
				if database == "postgres" {
					c.DatabaseURL = testenv.Postgres(t)
				}
			})
			ann := s.counsellor("ann", "en")
			ann.must("presence.set", args{"state": "away"})
			const phones, each = 24, 5
			var g sync.WaitGroup
			for i := range phones {
				g.Go(func() {
					phone := s.company.Phone(fmt.Sprint("+45201", 10000+i))
					for n := range each {
						r, err := phone.Text(context.Background(), demoLine, fmt.Sprint("text ", n))
						if err != nil || !r.Answer.OK() {
							t.Errorf("text: %+v, %v", r.Answer, err)
							return
						}
						s.company.Redeliver(context.Background(), r.SID, 3)
					}
				})
			}
			g.Wait()
			waiting := ann.waiting()
			if len(waiting) != phones {
				t.Fatalf("%d wait, want %d", len(waiting), phones)
			}
			for _, c := range waiting {
				if c.Unread != each {
					t.Errorf("a contact has %d messages, want %d", c.Unread, each)
				}
			}
		})
	}
}

func TestThreeTextsAreRoomEnough(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	ann := s.counsellor("ann", "en")
	for i := range 3 {
		s.text(fmt.Sprint("+452011111", i), "hello")
		ann.takes()
	}
	s.text("+4520111119", "a fourth")
	waiting := ann.waiting()
	if len(waiting) != 1 {
		t.Fatalf("%d wait, want the fourth", len(waiting))
	}
	ann.refused("conflict", "contact.take", args{"contact": waiting[0].ID})
	if ann.has("offer.made", nil) {
		t.Error("a fourth text was offered to a full desk")
	}
	ann.must("contact.close", args{"contact": ann.holds(), "outcome": "done"})
	if c := ann.offered(); c.ID != waiting[0].ID {
		t.Errorf("after closing one, %s was offered, want %s", c.ID, waiting[0].ID)
	}
}

func TestAContactIsHandedOver(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	ann := s.counsellor("ann", "en")
	s.text("+4520111111", "hello")
	id := ann.takes().ID
	bea := s.counsellor("bea", "en")
	var hello struct{ Users []struct{ ID, Name string } }
	ann.connect()
	ann.decode(ann.hello(), &hello)
	to := ""
	for _, u := range hello.Users {
		if u.Name == "Bea" {
			to = u.ID
		}
	}
	bea.refused("not_found", "contact.open", args{"contact": id})
	ann.must("contact.transfer", args{"contact": id, "to": to, "note": "she asks for you"})
	ann.sends(id, "a colleague comes", "r1") // still hers until bea accepts
	if c := bea.takes(); c.ID != id || c.Assignee != to {
		t.Fatalf("bea got %+v", c)
	}
	if r := bea.opens(id); len(r.Notes) != 1 || r.Notes[0].Text != "she asks for you" || len(r.Messages) != 2 {
		t.Errorf("bea reads %+v", r)
	}
	ann.refused("conflict", "message.send", args{"contact": id, "text": "x", "ref": "r2"})
	bea.must("contact.transfer", args{"contact": id, "to": "queue", "note": ""})
	if c := ann.takes(); c.ID != id {
		t.Errorf("after bea gave it back, ann was offered %s", c.ID)
	}
}

func TestNothingThatWasSaidIsInTheLogOrInRedis(t *testing.T) {
	t.Parallel()
	redis := testenv.NewRedis(t)
	s := newStage(t, func(c *config, _ *tuning) { c.RedisURL = redis.URL() })
	s.account("freja", hotline.Supervisor, "en")
	ann := s.counsellor("ann", "en")
	s.text("+4520998877", "secret-words")
	id := ann.takes().ID
	m := ann.sends(id, "secret-reply", "secret-ref")
	ann.status(m.ID, "delivered")
	ann.must("note.add", args{"contact": id, "text": "secret-note"})
	s.text("+4520998866", "secret-waiting")
	ann.offered()
	dump := redisDump(t, redis.URL())
	status, figures := s.get("http://"+s.config.OpsAddr, "/metrics")
	if status != 200 || !strings.Contains(figures, "hotline_webhooks_total") {
		t.Errorf("/metrics = %d", status)
	}
	for where, text := range map[string]string{"the log": s.log.String(), "redis": dump, "the figures": figures} {
		for _, secret := range []string{"secret", "20998877", "20998866", "ann@", "Ann"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %q", where, secret)
			}
		}
	}
	if !strings.Contains(dump, "hopeline") {
		t.Error("the dump of Redis holds no key of ours: the check sees nothing")
	}
}

// redisDump is all keys with their values, as text.
func redisDump(t *testing.T, url string) string {
	t.Helper()
	script := `local out = {}
for _, k in ipairs(redis.call('KEYS', '*')) do
  local kind = redis.call('TYPE', k).ok
  out[#out+1] = k
  if kind == 'hash' then for _, v in ipairs(redis.call('HGETALL', k)) do out[#out+1] = v end end
  if kind == 'zset' then for _, v in ipairs(redis.call('ZRANGE', k, 0, -1)) do out[#out+1] = v end end
  if kind == 'set' then for _, v in ipairs(redis.call('SMEMBERS', k)) do out[#out+1] = v end end
  if kind == 'string' then out[#out+1] = redis.call('GET', k) end
end
return out`
	out, err := exec.Command("redis-cli", "-u", url, "EVAL", script, "0").CombinedOutput()
	if err != nil {
		t.Fatal("dump redis:", err)
	}
	return string(out)
}

func TestATextWhoseWebhookWasLostIsFoundInTheCarriersList(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_ *config, t *tuning) { t.gap = intake.Gap{Every: 50 * time.Millisecond} })
	ann := s.counsellor("ann", "en")
	if _, err := s.company.Phone("+4520111111").Text(t.Context(), demoLine, "nobody heard me", simulator.Lost(),
		simulator.Attach("audio/amr", []byte("#!AMR\nx"))); err != nil {
		t.Fatal(err)
	}
	c := ann.takes()
	got := ann.opens(c.ID)
	if len(got.Messages) != 1 || got.Messages[0].Text != "nobody heard me" || len(got.Messages[0].Media) != 1 || got.Messages[0].Media[0].Type != "audio/amr" {
		t.Errorf("the record shows %+v", got.Messages)
	}
	s.text("+4520111111", "and now")
	if got := ann.opens(c.ID); len(got.Messages) != 2 {
		t.Errorf("looking again and again left %d messages, want 2", len(got.Messages))
	}
}

func TestASlowSendHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	const slow = 20 * time.Second
	s := newStage(t, func(_ *config, t *tuning) { t.patience.Try = 2 * slow })
	ann := s.counsellor("ann", "en")
	ids := []string{}
	for i := range 3 {
		s.text(fmt.Sprint("+452011111", i), "hello")
		ids = append(ids, ann.takes().ID)
	}
	s.company.Chaos(func(c *simulator.Chaos) { c.Slow = slow })
	ann.sends(ids[0], "slow", "r0")
	ann.sends(ids[1], "slow too", "r1")
	waiting := func() (n int) {
		for _, r := range s.company.Requests() {
			if r.Method == http.MethodPost && r.Status == 0 {
				n++
			}
		}
		return n
	}
	eventually(t, "two slow ones are at the carrier", func() bool { return waiting() == 2 })
	s.company.Chaos(func(c *simulator.Chaos) { c.Slow = 0 })
	m := ann.sends(ids[2], "quick", "r2")
	ann.status(m.ID, "delivered")
	if n := waiting(); n != 2 {
		t.Errorf("when a reply to somebody else arrived %d slow ones were under way, want both", n)
	}
}

func TestManyCommandsAtOnceOnANewHouse(t *testing.T) {
	t.Parallel()
	p := newProcess(t, nil)
	p.kill()
	os.RemoveAll(p.config.Data)
	os.Remove(p.config.MasterKeyFile)
	var g sync.WaitGroup
	for i := range 4 {
		g.Go(func() {
			cmd := exec.Command(p.file, "user", "add", "--email", fmt.Sprintf("u%d@example.org", i), "--name", "U", "--role", "counsellor", "--password-stdin")
			cmd.Env, cmd.Stdin = p.environ(), strings.NewReader(stagePassword+"\n")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("user add beside three others: %v: %s", err, out)
			}
		})
	}
	g.Wait()
	p.run()
	for i := range 4 {
		p.session(fmt.Sprint("u", i), stagePassword, "")
	}
	if out, err := p.command("", "audit", "verify"); err != nil {
		t.Errorf("audit verify = %q, %v", out, err)
	}
}
