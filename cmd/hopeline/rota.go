package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/hotline/intake"
	"hopeline/storage"
)

func (p *program) rota() *cobra.Command {
	cmd := &cobra.Command{Use: "rota", Short: "Import and export who is on duty when", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return usage{errors.New("say what to do: hopeline rota --help lists it")}
		}}
	cmd.AddCommand(p.rotaImport(), p.rotaExport())
	return cmd
}

// withDuty opens the rota for one command; a running serve sees within seconds what it changes.
func (p *program) withDuty(ctx context.Context, do func(*intake.Duty) error) error {
	return p.withStore(ctx, func(_ *config, store *storage.Store) error {
		return do(dutyOf(store))
	})
}

// dutyOf is the rota of a store, with nobody to tell.
func dutyOf(store *storage.Store) *intake.Duty {
	return intake.NewDuty(store, func(hotline.Notice) {}, intake.DefaultTitle, usual.now, zap.NewNop())
}

func (p *program) rotaImport() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Save the rota that FILE holds (- is standard input), and print what it leaves open",
		Long: `Save the rota that FILE holds as JSON (- is standard input) as the newest version of its line's.

It prints what the next 14 days leave open, one finding a line. A time at which nobody in tier 1 can answer, or
a shift of the last tier that nobody can come to, is refused unless --reason says why it must be so. A running hopeline
serve goes by the new rota within 5 s.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			doc, err := p.file(args[0])
			if err != nil {
				return err
			}
			return p.withDuty(cmd.Context(), func(duty *intake.Duty) error {
				version, found, err := duty.Import(cmd.Context(), doc, reason)
				p.findings(found)
				if err == nil {
					fmt.Fprintf(p.stdout, "saved as version %d\n", version)
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why this rota is saved; needed when it leaves tier 1, or a shift of the last tier, empty")
	return cmd
}

// rotaMost is more than any rota has; what is longer is another file.
const rotaMost = 2 << 20

// file reads a file, or standard input.
func (p *program) file(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(p.stdin, rotaMost))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: check its path and rights", name)
	}
	defer f.Close()
	doc, err := io.ReadAll(io.LimitReader(f, rotaMost))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: give a file that holds a rota", name)
	}
	return doc, nil
}

// findings prints what coverage says, one a line, gaps first.
func (p *program) findings(found []hotline.Finding) {
	for _, f := range found {
		how := "warning"
		if f.Kind == "gap" {
			how = "gap"
		}
		fmt.Fprintf(p.stdout, "%-7s  %s\n", how, f.Words)
	}
}

func (p *program) rotaExport() *cobra.Command {
	var line string
	cmd := &cobra.Command{Use: "export", Short: "Print the rota as JSON, in the form that import reads", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withDuty(cmd.Context(), func(duty *intake.Duty) error {
				doc, err := duty.Export(cmd.Context(), hotline.LineID(line))
				if errors.Is(err, hotline.ErrInvalid) {
					return usage{fmt.Errorf("%w (--line)", err)}
				}
				if err == nil {
					_, err = p.stdout.Write(doc)
				}
				return err
			})
		}}
	cmd.Flags().StringVar(&line, "line", "", "whose rota, like +4570201550; needed when there are several")
	return cmd
}

// demoRota lets everybody in the demo be on duty around the clock, the supervisor in the second tier and the interpreter
// in none, unless the data hold a rota already.
func (h *house) demoRota(ctx context.Context) error {
	if roster, err := h.store.Roster(ctx); err != nil || roster.Saved > 0 {
		return err
	}
	type object map[string]any
	type standby struct{ email, language string }
	var interpreters []standby
	tiers := map[int][]string{}
	for _, person := range demoPeople {
		tier := 1
		if person.Role == hotline.Interpreter {
			interpreters = append(interpreters, standby{person.Email, person.Languages[0]})
			continue
		}
		if person.Role == hotline.Supervisor {
			tier = 2
		}
		tiers[tier] = append(tiers[tier], person.Email)
	}
	var slots []object
	for day := 1; day <= 7; day++ {
		for tier := 1; tier <= len(tiers); tier++ {
			slots = append(slots, object{"day": day, "start": "00:00", "end": "24:00", "tier": tier, "users": tiers[tier]})
		}
		for _, i := range interpreters {
			slots = append(slots, object{"day": day, "start": "00:00", "end": "24:00", "kind": "interpreter", "users": []string{i.email}, "languages": []string{i.language}})
		}
	}
	doc, err := json.Marshal(object{"line": demoLine, "zone": "Europe/Copenhagen", "slots": slots})
	if err != nil {
		return fmt.Errorf("write the demo's rota: %w", err)
	}
	if _, _, err := h.duty.Import(ctx, doc, ""); err != nil {
		return fmt.Errorf("save the demo's rota: %w", err)
	}
	return nil
}
