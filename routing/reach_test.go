package routing

import (
	"context"
	"testing"
	"time"

	"hopeline/deploy/testenv"
	"hopeline/hotline"
)

// Who has a console open is known of all processes while Redis answers, and of this one while it is away.
func TestWhoWasSeen(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	degraded := make(chan bool, 8)
	opts := quick("seen")
	opts.OnDegraded = func(d bool) { degraded <- d }
	c := &clock{}
	d := newDesk(t, c.now)
	one, two := d.run(server.URL(), opts, c), d.run(server.URL(), quick("seen"), c)
	one.come("ann")
	two.come("bob")
	seen := func(since time.Duration) (map[hotline.UserID]bool, bool) {
		return one.router.SeenSince(context.Background(), c.now().Add(-since))
	}
	look, late := time.NewTicker(5*time.Millisecond), time.After(patience)
	defer look.Stop()
	for found, _ := seen(time.Minute); !found["ann"] || !found["bob"]; found, _ = seen(time.Minute) {
		select {
		case <-look.C: // nobody is told when another process saw somebody
		case <-late:
			t.Fatalf("it has seen %v", found)
		}
	}
	if _, all := seen(time.Minute); all {
		t.Error("right after its start it says that nobody else is there")
	}
	c.forward(2 * time.Minute)
	if found, all := seen(time.Minute); !all || len(found) > 0 {
		t.Errorf("two minutes later it has seen %v, and all of them: %v", found, all)
	}
	one.router.Seen("ann")
	server.Stop()
	for !one.router.Degraded() {
		await(t, degraded)
	}
	if found, all := seen(time.Minute); !all || len(found) != 1 || !found["ann"] {
		t.Errorf("without Redis it has seen %v, and all of them: %v", found, all)
	}
}
