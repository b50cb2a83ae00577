package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"hopeline/deploy/testenv"
	"hopeline/hotline"
)

// BenchmarkHouse measures the whole program, as a process of its own, against the limits of the machine that it runs
// on: both sides in turn, in the same run, and prints a table of ratios. It takes about a minute; run it with
// -benchtime 1x on a machine that does nothing else.
func BenchmarkHouse(b *testing.B) {
	var table bytes.Buffer
	row := func(what, got, target string) { fmt.Fprintf(&table, "%-46s %-44s %s\n", what, got, target) }
	row("what", "measured", "target")
	b.Run("postgres", func(b *testing.B) { measure(b, "postgres", row) })
	b.Run("sqlite", func(b *testing.B) { measure(b, "sqlite", row) })
	b.Run("start", func(b *testing.B) { measureStart(b, row) })
	fmt.Fprintf(os.Stderr, "\n%s\n", table.String())
}

type rower func(what, got, target string)

// measure compares one engine with its limit.
func measure(b *testing.B, engine string, row rower) {
	p := newProcess(b, func(c *config, _ *tuning) {
		if engine == "postgres" {
			c.DatabaseURL = testenv.NewPostgres(b, testenv.Durable).URL()
		}
	})
	p.adds("ann", hotline.Counsellor)
	g := &generator{process: p}
	limit, name, target := postgresLimit(b, p.config.DatabaseURL), "of L32", ">= 0.5"
	if engine == "sqlite" {
		limit, name, target = sqliteLimit(b), "of group commit", ">= 0.3"
	}
	g.rate(b, 32, 500) // every phone has its contact
	var ratios, rates []float64
	before := p.cpu(b)
	sent := g.n.Load()
	for range 5 {
		most := limit(32, time.Second)
		rate := g.rate(b, 48, 4000)
		ratios, rates = append(ratios, rate/most), append(rates, rate)
	}
	cpu := (p.cpu(b) - before) / time.Duration(g.n.Load()-sent)
	row("taken in, durable, 48 senders, "+engine, fmt.Sprintf("%.2f %s (%.0f/s)", median(ratios), name, median(rates)), target)
	row("CPU for each text, the program alone, "+engine, cpu.Round(time.Microsecond).String(), "<= 400µs")
	measureLatency(b, g, engine, limit, row)
	got, distinct := g.copies(b)
	row("rows for each text delivered four times, "+engine, fmt.Sprintf("%.2f (%d texts)", float64(got)/float64(distinct), distinct), "1.00")
}

// measureLatency takes one sender's median, and the way to a console at 100 a second, against one commit's median.
func measureLatency(b *testing.B, g *generator, engine string, limit func(int, time.Duration) float64, row rower) {
	var alone, commits, shown []time.Duration
	ann := g.logIn("ann")
	ann.must("presence.set", args{"state": "away"})
	for range 3 {
		commits = append(commits, time.Duration(float64(time.Second)/limit(1, 500*time.Millisecond)))
		for range 200 {
			began := time.Now()
			g.send(b, g.next(), 500)
			alone = append(alone, time.Since(began))
		}
		shown = append(shown, g.toConsole(b, ann, 150)...)
	}
	commit := median(commits)
	row("p50, one sender, "+engine, fmt.Sprintf("%.1f commits (%v)", float64(median(alone))/float64(commit), median(alone).Round(10*time.Microsecond)), "<= 2.5")
	row("webhook sent to console, p50 at 100/s, "+engine, fmt.Sprintf("%v (commit %v)", median(shown).Round(10*time.Microsecond),
		commit.Round(10*time.Microsecond)), "<= commit + 1.5ms")
}

// generator sends signed webhooks of made-up phones.
type generator struct {
	*process
	n      atomic.Int64
	client http.Client
}

func (g *generator) next() int64 {
	if g.client.Transport == nil {
		g.client.Transport = &http.Transport{MaxIdleConnsPerHost: 256}
	}
	return g.n.Add(1)
}

// send delivers text i, from one of so many phones.
func (g *generator) send(b *testing.B, i, phones int64) {
	form := url.Values{"AccountSid": {stageAccount}, "MessageSid": {fmt.Sprintf("SM%032x", i)}, "From": {fmt.Sprint("+45201", 10000+i%phones)},
		"To": {demoLine}, "Body": {"are you there? I can talk for ten minutes"}, "NumMedia": {"0"}, "NumSegments": {"1"},
		"SmsStatus": {"received"}, "ApiVersion": {"2010-04-01"}}
	address := g.config.Public.String() + "/twilio/message"
	mac := hmac.New(sha1.New, []byte(stageToken))
	io.WriteString(mac, address)
	keys := []string{}
	for k := range form {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		io.WriteString(mac, k+form.Get(k))
	}
	req, _ := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	res, err := g.client.Do(req)
	if err != nil {
		b.Error(err)
		return
	}
	io.Copy(io.Discard, res.Body)
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		b.Errorf("a text was answered %d", res.StatusCode)
	}
}

// rate sends n texts with so many senders, and gives texts a second.
func (g *generator) rate(b *testing.B, senders, n int) float64 {
	g.client.Transport = &http.Transport{MaxIdleConnsPerHost: 256}
	var left atomic.Int64
	left.Store(int64(n))
	began := time.Now()
	var w sync.WaitGroup
	for range senders {
		w.Go(func() {
			for left.Add(-1) >= 0 {
				g.send(b, g.n.Add(1), 500)
			}
		})
	}
	w.Wait()
	return float64(n) / time.Since(began).Seconds()
}

// toConsole sends n texts, one each 10 ms, and measures how long each takes to change the counsellor's screen.
func (g *generator) toConsole(b *testing.B, ann *desk, n int) []time.Duration {
	var took []time.Duration
	for range n {
		next := time.Now().Add(10 * time.Millisecond)
		ann.mu.Lock()
		ann.read = len(ann.frames)
		ann.mu.Unlock()
		began := time.Now()
		go g.send(b, g.next(), 500)
		ann.event("contact.changed", nil)
		took = append(took, time.Since(began))
		time.Sleep(time.Until(next)) // the pace is what is measured at
	}
	return took
}

// copies delivers texts four times at once, and counts what was kept of them.
func (g *generator) copies(b *testing.B) (kept, distinct int) {
	g.adds("freja", hotline.Supervisor)
	freja := g.logIn("freja")
	count := func() (n int) {
		var q struct{ Waiting []contactJSON }
		json.Unmarshal(freja.must("queue.list", args{"limit": 10000}), &q)
		for _, c := range q.Waiting {
			n += c.Unread
		}
		return n
	}
	before := count()
	distinct = 300
	var w sync.WaitGroup
	for range distinct {
		i := g.n.Add(1)
		for range 4 {
			w.Go(func() { g.send(b, i, 500) })
		}
	}
	w.Wait()
	return count() - before, distinct
}

// cpu is the processor time that the program used so far.
func (p *process) cpu(b *testing.B) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		b.Skip("the processor time of a process is read from /proc")
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+2:]))
	var user, system int64
	fmt.Sscan(fields[11], &user)
	fmt.Sscan(fields[12], &system)
	return time.Duration(user+system) * 10 * time.Millisecond // the kernel counts in hundredths
}

// measureStart takes the time to the first answer, the memory then, and the size of the program.
func measureStart(b *testing.B, row rower) {
	p := newProcess(b, nil)
	var starts []time.Duration
	for range 5 {
		p.kill()
		began := time.Now()
		p.run()
		starts = append(starts, time.Since(began))
	}
	row("start, to the first answer", median(starts).Round(time.Millisecond).String(), "<= 400ms")
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	for _, line := range strings.Split(string(status), "\n") {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			row("memory before the first log-in", strings.TrimSpace(kb), "<= 46080 kB")
		}
	}
	file := filepath.Join(b.TempDir(), "hopeline")
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, ".").CombinedOutput(); err != nil {
		b.Fatalf("build: %v: %s", err, out)
	}
	info, _ := os.Stat(file)
	row("the program, stripped, with the page inside", fmt.Sprintf("%.1f MB", float64(info.Size())/1e6), "<= 50 MB")
}

// postgresLimit is insert and commit, one row each, with so many clients.
func postgresLimit(b *testing.B, dsn string) func(int, time.Duration) float64 {
	if dsn == "" {
		return nil
	}
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(32)
	db.SetMaxIdleConns(32)
	if _, err := db.Exec(`CREATE TABLE limit_rows (id TEXT PRIMARY KEY, body BYTEA NOT NULL)`); err != nil {
		b.Fatal(err)
	}
	var n atomic.Int64
	body := make([]byte, 300)
	return func(clients int, during time.Duration) float64 {
		return perSecond(b, clients, during, func() error {
			_, err := db.Exec(`INSERT INTO limit_rows (id, body) VALUES ($1, $2)`, fmt.Sprint(n.Add(1)), body)
			return err
		})
	}
}

// sqliteLimit is group commit and nothing else: one writer, rows that wait at the same moment share a commit.
func sqliteLimit(b *testing.B) func(int, time.Duration) float64 {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "limit.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE limit_rows (id TEXT PRIMARY KEY, body BYTEA NOT NULL)`); err != nil {
		b.Fatal(err)
	}
	rows := make(chan chan error)
	done := make(chan struct{})
	b.Cleanup(func() { close(rows); <-done; db.Close() })
	go groupWriter(db, rows, done)
	return func(clients int, during time.Duration) float64 {
		return perSecond(b, clients, during, func() error {
			answer := make(chan error, 1)
			rows <- answer
			return <-answer
		})
	}
}

func groupWriter(db *sql.DB, rows chan chan error, done chan struct{}) {
	defer close(done)
	n, body := 0, make([]byte, 300)
	for first := range rows {
		batch := []chan error{first}
		for more := true; more && len(batch) < 128; {
			select {
			case next, ok := <-rows:
				if more = ok; ok {
					batch = append(batch, next)
				}
			default:
				more = false
			}
		}
		tx, err := db.Begin()
		for range batch {
			n++
			if err == nil {
				_, err = tx.Exec(`INSERT INTO limit_rows (id, body) VALUES ($1, $2)`, fmt.Sprint(n), body)
			}
		}
		if err == nil {
			err = tx.Commit()
		}
		for _, answer := range batch {
			answer <- err
		}
	}
}

func perSecond(b *testing.B, clients int, during time.Duration, each func() error) float64 {
	var n atomic.Int64
	began := time.Now()
	var w sync.WaitGroup
	for range clients {
		w.Go(func() {
			for time.Since(began) < during {
				if err := each(); err != nil {
					b.Error(err)
					return
				}
				n.Add(1)
			}
		})
	}
	w.Wait()
	return float64(n.Load()) / time.Since(began).Seconds()
}

func median[T int | float64 | time.Duration](of []T) T {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}
