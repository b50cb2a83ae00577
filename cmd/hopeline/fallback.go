package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"hopeline/deploy/fallback"
	"hopeline/hotline"
	"hopeline/hotline/carrier"
	"hopeline/hotline/intake"
	"hopeline/storage"
)

// fallbackConfig is what both sides know of the host that answers when the house is down.
type fallbackConfig struct {
	URL    *url.URL // its address as the carrier knows it; nil: there is none
	Token  string   // lets the house push
	Addr   string   // where it listens
	File   string   // where it keeps the plan
	Backup hotline.Address
}

var fallbackSettings = []setting{
	{name: "HOPELINE_FALLBACK_URL", set: func(c *config, v string) (err error) { c.Fallback.URL, err = publicURL(v); return err }},
	{name: "HOPELINE_FALLBACK_TOKEN", secret: true, set: func(c *config, v string) error {
		if c.Fallback.Token = v; len(v) < fallback.TokenLength {
			return fmt.Errorf("has less than %d characters: openssl rand -hex 32 makes a good one, the same for both machines", fallback.TokenLength)
		}
		return nil
	}},
	{name: "HOPELINE_FALLBACK_ADDR", fallback: "127.0.0.1:8090", set: func(c *config, v string) error { c.Fallback.Addr = v; return checkAddr(v) }},
	{name: "HOPELINE_FALLBACK_FILE", fallback: "./fallback.plan", set: func(c *config, v string) error { c.Fallback.File = v; return notEmpty(v) }},
	{name: "HOPELINE_BACKUP", set: func(c *config, v string) error {
		if c.Fallback.Backup = hotline.AddressOf(v); v != "" && !fallback.International(v) {
			return errors.New("is not a number like +4520000001")
		}
		return nil
	}},
}

// whole says what is missing for a house, or a host, to know the other.
func (f fallbackConfig) whole() error {
	switch {
	case f.URL == nil:
		return errors.New("HOPELINE_FALLBACK_URL is not set: give the address of the fallback host as the carrier knows it")
	case f.Token == "":
		return errors.New("HOPELINE_FALLBACK_TOKEN is not set: give the same one to the house and to the fallback host")
	}
	return nil
}

// known is what the host should be told beside the rota.
func (c *config) known() intake.Fallback {
	return intake.Fallback{Lines: c.Lines, Languages: c.Languages, Backup: c.Fallback.Backup}
}

// openFallback makes what pushes the plan, when there is a host to push it to.
func (h *house) openFallback(registry prometheus.Registerer) error {
	f := h.config.Fallback
	if f.URL == nil {
		return nil
	}
	if err := f.whole(); err != nil {
		return usage{err}
	}
	client := fallback.NewClient(f.URL, f.Token)
	h.undo = append(h.undo, client.Close)
	h.pusher = intake.NewPusher(h.config.known(), h.store, client, h.tuning.now, h.log, registry)
	return nil
}

// checkFallback compares the host's plan with who is on duty now.
func (c *config) checkFallback(ctx context.Context, store *storage.Store) finding {
	f := finding{what: "fallback host"}
	if c.Fallback.URL == nil {
		f.warn = "HOPELINE_FALLBACK_URL is not set: when this house is down nobody on duty is rung; deploy/fallback/README.md says how"
		return f
	}
	if f.bad = c.Fallback.whole(); f.bad != nil {
		return f
	}
	client := fallback.NewClient(c.Fallback.URL, c.Fallback.Token)
	defer client.Close()
	digest, err := client.Digest(ctx)
	if errors.Is(err, fallback.ErrNoPlan) {
		err = errors.New("the fallback host was never told who is on duty: run hopeline serve with the same HOPELINE_FALLBACK_URL and token")
	}
	if f.bad = err; err != nil {
		return f
	}
	plan, err := c.known().Plan(ctx, store, time.Now())
	switch {
	case err != nil:
		f.bad = err
	case plan.Digest() != digest:
		f.bad = errors.New("the fallback host goes by another plan than the rota of now: hopeline serve pushes within a minute; look into its log when this stays so")
	}
	return f
}

func (p *program) fallback() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "fallback",
		Short: "Answer the telephone on another machine while the house is down",
		Long: `Answer the telephone on another machine while the house is down: ring who is on duty, one after another, and
let the caller leave a message when nobody takes the call. The house pushes who is on duty.

It needs HOPELINE_FALLBACK_URL (its own address as the carrier knows it), HOPELINE_FALLBACK_TOKEN and
TWILIO_AUTH_TOKEN; it listens on HOPELINE_FALLBACK_ADDR and keeps the plan in HOPELINE_FALLBACK_FILE.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.hostFallback(cmd.Context()) },
	}
	cmd.AddCommand(p.fallbackDocuments())
	return cmd
}

// hostFallback serves the host until ctx ends.
func (p *program) hostFallback(ctx context.Context) error {
	c, err := readConfig(p.environ, false)
	if err == nil {
		err = c.Fallback.whole()
	}
	if err == nil && len(c.Tokens) == 0 {
		err = errors.New("TWILIO_AUTH_TOKEN is not set: without it nobody can tell that the carrier asks")
	}
	if err != nil {
		return usage{err}
	}
	log := newLog(p.stderr)
	host, err := fallback.NewHost(fallback.Config{Own: c.Fallback.URL, Signer: carrier.Signer{Public: c.Fallback.URL, Tokens: c.Tokens},
		Token: c.Fallback.Token, File: c.Fallback.File, Now: time.Now, Log: log})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Fallback.Addr)
	if err != nil {
		return fmt.Errorf("listen on HOPELINE_FALLBACK_ADDR %s: it is taken or not ours", c.Fallback.Addr)
	}
	log.Info("ready", zap.String("addr", l.Addr().String()))
	s := server(host)
	group, inside := errgroup.WithContext(ctx)
	group.Go(func() error { return serveOn(s, l) })
	group.Go(func() error {
		<-inside.Done()
		patience, cancel := context.WithTimeout(context.Background(), stopPatience)
		defer cancel()
		return s.Shutdown(patience)
	})
	return group.Wait()
}

func (p *program) fallbackDocuments() *cobra.Command {
	var base string
	cmd := &cobra.Command{
		Use:   "documents FOLDER",
		Short: "Write fixed documents for the carrier's own hosting; no counsellor's number is in them",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := readConfig(p.environ, false)
			if err == nil && len(c.Lines) == 0 {
				err = errors.New("HOPELINE_LINES is not set: give the hotline's own numbers")
			}
			if err == nil {
				if err = checkURL(base); err != nil {
					err = fmt.Errorf("--base %w", err)
				}
			}
			if err != nil {
				return usage{err}
			}
			return p.writeDocuments(fallback.Documents(c.known().Lineup(), base), args[0])
		},
	}
	cmd.Flags().StringVar(&base, "base", "", "the address under which the folder will lie")
	cmd.MarkFlagRequired("base")
	return cmd
}

func (p *program) writeDocuments(docs map[string]string, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make the folder %s: check its path and rights", folder)
	}
	for name, doc := range docs {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(doc), 0o644); err != nil {
			return fmt.Errorf("write into %s: check its rights and the room on the disk", folder)
		}
	}
	fmt.Fprintf(p.stdout, "wrote %d documents into %s\n", len(docs), folder)
	return nil
}
