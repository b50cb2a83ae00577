package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"hopeline/storage"
)

func (p *program) audit() *cobra.Command {
	audit := &cobra.Command{Use: "audit", Short: "Check the audit trail", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return usage{errors.New("say what to do: hopeline audit verify")}
		}}
	audit.AddCommand(&cobra.Command{
		Use:   "verify",
		Short: "Recompute the audit trail and name the first entry that is not as it was written",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withStore(cmd.Context(), func(_ *config, store *storage.Store) error {
				v, err := store.VerifyAudit(cmd.Context())
				if err != nil {
					return err
				}
				if v.Fault != "" {
					return fmt.Errorf("the audit trail is not as it was written: %s", v.Fault)
				}
				fmt.Fprintf(p.stdout, "the audit trail is as it was written: %d entries in %d chains\n", v.Entries, v.Chains)
				return nil
			})
		},
	})
	return audit
}
