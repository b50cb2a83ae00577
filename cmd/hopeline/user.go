package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
	"github.com/spf13/cobra"

	"hopeline/hotline"
	"hopeline/hotline/auth"
	"hopeline/hotline/intake"
	"hopeline/storage"
)

// withStore opens the database of the configuration for one command, beside a running serve or without one.
func (p *program) withStore(ctx context.Context, do func(*config, *storage.Store) error) error {
	c, err := readConfig(p.environ, false)
	if err != nil {
		return usage{err}
	}
	keys, err := c.keys(true)
	if err != nil {
		return err
	}
	store, err := storage.Open(ctx, c.house(keys))
	if err != nil {
		return err
	}
	return errors.Join(do(c, store), store.Close())
}

func (p *program) user() *cobra.Command {
	user := &cobra.Command{Use: "user", Short: "Add, change and disable accounts", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return usage{errors.New("say what to do: hopeline user --help lists it")}
		}}
	user.AddCommand(p.userAdd(), p.userChange(), p.userDisable())
	return user
}

// newUser is what the command line says of an account.
type newUser struct {
	email, name, role, languages, phone, gender string
	totp, passwordStdin                         bool
}

func (p *program) userAdd() *cobra.Command {
	var n newUser
	cmd := &cobra.Command{
		Use:   "add --email E --name N --role counsellor|supervisor|admin --password-stdin | --role interpreter --phone P",
		Short: "Add an account; the password is read from standard input",
		Long: `Add an account. The password is read from standard input with --password-stdin.

An interpreter (--role interpreter) has no password and no console: she never logs in, and is rung on --phone when the rota
has her on duty as one and a counsellor asks for her language.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := n.account()
			if err == nil {
				err = n.door()
			}
			if err != nil {
				return usage{err}
			}
			if a.Role.LogsIn() {
				if a.Password, err = p.password(); err != nil {
					return usage{err}
				}
			}
			return p.withStore(cmd.Context(), func(_ *config, store *storage.Store) error {
				doors := intake.NewDoors(store, auth.NewHasher(usual.cost), true, usual.now)
				_, otpauth, err := doors.AddAccount(cmd.Context(), a)
				if err != nil {
					return err
				}
				if otpauth != "" {
					fmt.Fprintln(p.stdout, otpauth)
				}
				return nil
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&n.email, "email", "", "e-mail address, for the log-in")
	n.details(cmd)
	f.StringVar(&n.role, "role", "", "counsellor, supervisor, admin or interpreter")
	f.BoolVar(&n.totp, "totp", false, "make a second factor and print its otpauth:// address")
	f.BoolVar(&n.passwordStdin, "password-stdin", false, "read the password from standard input")
	for _, name := range []string{"email", "name", "role"} {
		cmd.MarkFlagRequired(name)
	}
	return cmd
}

// details are the flags of what may be changed later.
func (n *newUser) details(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&n.name, "name", "", "work name that colleagues see")
	f.StringVar(&n.languages, "languages", "", "languages spoken, best first, like en,da")
	f.StringVar(&n.phone, "phone", "", "own phone, like +4520…; given here it counts as verified")
	f.StringVar(&n.gender, "gender", "", "woman or man, for people who ask for one")
}

func (p *program) userChange() *cobra.Command {
	var n newUser
	cmd := &cobra.Command{
		Use:   "change --email E [--name N] [--languages en,da] [--phone +45…] [--gender woman|man]",
		Short: "Change what is said of an account; what is left out stays",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			change, err := n.change(cmd.Flags().Changed)
			if err != nil {
				return usage{err}
			}
			return p.withStore(cmd.Context(), func(_ *config, store *storage.Store) error {
				account, err := store.AccountOf(cmd.Context(), n.email)
				if err == nil {
					_, err = store.ChangeUser(cmd.Context(), storage.System, account.ID, change)
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&n.email, "email", "", "e-mail address of the account")
	n.details(cmd)
	cmd.MarkFlagRequired("email")
	return cmd
}

// change is what changes of an account, by the flags that were given.
func (n newUser) change(given func(string) bool) (storage.UserChange, error) {
	var c storage.UserChange
	if !given("name") {
		n.name = "as it was"
	}
	n.role = string(hotline.Counsellor) // it does not change
	a, err := n.account()
	if !slices.ContainsFunc([]string{"name", "phone", "languages", "gender"}, given) {
		err = errors.New("say what changes: hopeline user change --help lists it")
	}
	if given("name") {
		c.Name = &a.Name
	}
	if given("phone") {
		c.Phone = &a.Phone
	}
	if given("languages") {
		c.Languages = append([]string{}, a.Languages...)
	}
	if given("gender") {
		c.Gender = &a.Gender
	}
	return c, err
}

// account checks what was said on the command line.
func (n newUser) account() (intake.Account, error) {
	a := intake.Account{Email: n.email, Name: strings.TrimSpace(n.name), Role: hotline.Role(n.role), Phone: n.phone, WithTOTP: n.totp,
		Gender: hotline.Gender(n.gender)}
	if parsed, err := mail.ParseAddress(n.email); err != nil || parsed.Address != n.email {
		return a, errors.New("--email is not an e-mail address")
	}
	if a.Name == "" || len(a.Name) > 100 {
		return a, errors.New("--name is empty or longer than 100 characters")
	}
	if !a.Role.Known() {
		return a, errors.New("--role is counsellor, supervisor, admin or interpreter")
	}
	if a.Gender != "" && !a.Gender.Chooses() {
		return a, errors.New("--gender is woman or man; leave it out where it is neither or not said")
	}
	languages, err := hotline.Languages(strings.Split(n.languages, ","))
	if err != nil {
		return a, errors.New("--languages is a list of codes like en,da,pcm")
	}
	a.Languages = languages
	if n.phone != "" {
		number, err := phonenumbers.Parse(n.phone, "")
		if err != nil || !strings.HasPrefix(n.phone, "+") {
			return a, errors.New("--phone is a number with its country, like +4520111111")
		}
		a.Phone = phonenumbers.Format(number, phonenumbers.E164)
	}
	return a, nil
}

// door checks how somebody gets in: by a password, or as an interpreter not at all.
func (n newUser) door() error {
	if hotline.Role(n.role).LogsIn() {
		if !n.passwordStdin {
			return fmt.Errorf("a %s needs a password: give --password-stdin and write it to standard input (only an interpreter has none)", n.role)
		}
		return nil
	}
	switch {
	case n.passwordStdin || n.totp:
		return errors.New("an interpreter never logs in: leave --password-stdin and --totp out")
	case n.phone == "":
		return errors.New("an interpreter is rung on her own phone: give --phone, like +4520111111")
	}
	return nil
}

// password reads one line.
func (p *program) password() (string, error) {
	line, err := bufio.NewReader(p.stdin).ReadString('\n')
	if err != nil && line == "" {
		return "", errors.New("standard input holds no password")
	}
	line = strings.TrimRight(line, "\r\n")
	return line, auth.CheckPassword(line)
}

func (p *program) userDisable() *cobra.Command {
	var email string
	cmd := &cobra.Command{Use: "disable --email E", Short: "Disable an account and end its sessions", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withStore(cmd.Context(), func(_ *config, store *storage.Store) error {
				return store.DisableUser(cmd.Context(), email)
			})
		}}
	cmd.Flags().StringVar(&email, "email", "", "e-mail address of the account")
	cmd.MarkFlagRequired("email")
	return cmd
}
