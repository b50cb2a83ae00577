package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"golang.org/x/sync/errgroup"

	"hopeline/hotline"
	"hopeline/hotline/carrier/simulator"
	"hopeline/hotline/intake"
)

// The demo's line and people. Nothing here is secret: it runs on loopback with made-up numbers.
const (
	demoLine     = "+4570201550"
	demoPassword = "a lamp at night"
)

var demoPeople = []intake.Account{
	{Email: "anna@example.org", Name: "Anna", Gender: hotline.Woman, Role: hotline.Counsellor, Languages: []string{"da", "en"}, Phone: "+4530000001"},
	{Email: "bea@example.org", Name: "Bea", Gender: hotline.Woman, Role: hotline.Counsellor, Languages: []string{"en", "pcm"}, Phone: "+4530000002"},
	{Email: "chau@example.org", Name: "Chau", Gender: hotline.Man, Role: hotline.Counsellor, Languages: []string{"en", "th"}, Phone: "+4530000003"},
	{Email: "freja@example.org", Name: "Freja", Gender: hotline.Woman, Role: hotline.Supervisor, Languages: []string{"da", "en", "ro"}, Phone: "+4530000004"},
	{Email: "malee@example.org", Name: "Malee", Gender: hotline.Woman, Role: hotline.Interpreter, Languages: []string{"th", "en"}, Phone: "+4530000005"},
}

// demoHouse is what the command line says of a demo.
type demoHouse struct{ data, addr, phones string }

func (p *program) demo() *cobra.Command {
	var d demoHouse
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run everything on this machine, with a simulated phone company",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.runDemo(cmd.Context(), d) },
	}
	f := cmd.Flags()
	f.StringVar(&d.data, "data", "", "folder that keeps the data (default: a temporary one, removed at the end)")
	f.StringVar(&d.addr, "addr", "127.0.0.1:8080", "where the console listens; another free port is taken when this one is not")
	f.StringVar(&d.phones, "phones", "127.0.0.1:8081", "where the simulated phones listen; likewise")
	return cmd
}

func (p *program) runDemo(ctx context.Context, d demoHouse) error {
	fmt.Fprintln(p.stdout, "Starting the demo: a hotline, its console and a phone company, all on this machine …")
	if d.data == "" {
		folder, err := os.MkdirTemp("", "hopeline-demo-")
		if err != nil {
			return fmt.Errorf("make a folder for the demo: %w", err)
		}
		defer os.RemoveAll(folder)
		d.data = folder
	}
	if err := os.MkdirAll(d.data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	phones, err := listenNear(d.phones)
	if err != nil {
		return err
	}
	defer phones.Close()
	c, err := demoConfig(d, phones)
	if err != nil {
		return err
	}
	company := simulator.New(simulator.Config{AccountSID: c.AccountSID, AuthToken: c.Tokens[0], Step: 400 * time.Millisecond, BaseURL: c.CarrierURL,
		SpeechRate: 15, CallsPerSecond: 1})
	defer company.Close()
	for _, line := range c.Lines {
		company.Number(line.Full(), hooks(c, line))
	}
	company.Cast()
	for _, person := range demoPeople {
		company.Phone(person.Phone).Named(person.Name).OnDuty()
	}
	return p.demoRun(ctx, c, company, phones)
}

// hooks are what an address of ours asks at the phone company: of a number also when it is called.
func hooks(c *config, line hotline.Address) simulator.Webhooks {
	at := c.Public.String() + "/twilio/"
	h := simulator.Webhooks{Message: at + "message"}
	if line.Channel() == hotline.SMS {
		h.Voice, h.VoiceStatus = at+"voice", at+"voice/status"
	}
	return h
}

// demoConfig is the environment that a demo would have.
func demoConfig(d demoHouse, phones net.Listener) (*config, error) {
	taken, err := listenNear(d.addr)
	if err != nil {
		return nil, err
	}
	addr := taken.Addr().String()
	taken.Close()
	return &config{
		Addr: addr, Public: &url.URL{Scheme: "http", Host: addr}, Data: d.data,
		AccountSID: "AC" + randomHex(16), Tokens: []string{randomHex(16)}, CarrierURL: "http://" + phones.Addr().String(),
		Lines:         []hotline.Address{hotline.AddressOf(demoLine), hotline.AddressOf("whatsapp:" + demoLine)},
		Languages:     []string{"en", "da"},
		AutoText:      true,
		MasterKeyFile: filepath.Join(d.data, "hopeline.key"),
	}, nil
}

// demoRun runs the house and the phone company until ctx ends.
func (p *program) demoRun(ctx context.Context, c *config, company *simulator.Carrier, phones net.Listener) error {
	keys, err := c.keys(false)
	if err != nil {
		return err
	}
	h := &house{config: c, tuning: usual, log: newLog(p.stderr).WithOptions(zap.IncreaseLevel(zapcore.WarnLevel)), phones: company.Softphones(), hangUp: company.Close}
	defer h.close()
	if err := h.build(ctx, keys); err != nil {
		return err
	}
	for _, person := range demoPeople {
		person.Password = demoPassword
		if _, _, err := h.doors.AddAccount(ctx, person); err != nil && !errors.Is(err, hotline.ErrConflict) {
			return fmt.Errorf("add the demo's people: %w", err)
		}
	}
	if err := h.demoRota(ctx); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/2010-04-01/", company)
	mux.Handle("/", company.Page())
	carrier := server(mux)
	carrier.WriteTimeout = 0 // the page is fed by a stream
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serveOn(carrier, phones) })
	group.Go(func() error {
		defer carrier.Close()
		return h.run(ctx, func(*house) { p.welcome(c, phones) })
	})
	return group.Wait()
}

// welcome says where to go and how to log in.
func (p *program) welcome(c *config, phones net.Listener) {
	fmt.Fprintf(p.stdout, `
The demo runs. Nothing leaves this machine. Ctrl+C ends it.

  1  The phones    http://%s
     Text or call the hotline from a made-up phone, and see what comes back. The counsellors' own phones stand there too.

  2  The console   %s
     Log in, press "Start shift", and answer. The password of all is

         %s

`, phones.Addr(), c.Public, demoPassword)
	for _, person := range demoPeople {
		if person.Role.LogsIn() {
			fmt.Fprintf(p.stdout, "         %-18s %-10s speaks %v\n", person.Email, person.Role, person.Languages)
			continue
		}
		fmt.Fprintf(p.stdout, "\n     %s interprets [%s] and has no log-in: in a call press F7, and answer her phone where the phones stand.\n",
			person.Name, person.Languages[0])
	}
	fmt.Fprintf(p.stdout, "\n     No code is asked for here; the real service asks for one.\n     Data: %s\n\n", c.Data)
}

// listenNear listens on addr, or on a free port of the same host when it is taken.
func listenNear(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err == nil {
		return l, nil
	}
	host, _, splitErr := net.SplitHostPort(addr)
	if splitErr != nil {
		return nil, usage{fmt.Errorf("%s is not host:port", addr)}
	}
	if l, err = net.Listen("tcp", net.JoinHostPort(host, "0")); err != nil {
		return nil, fmt.Errorf("listen on %s: it is taken or not ours", addr)
	}
	return l, nil
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return hex.EncodeToString(b)
}
