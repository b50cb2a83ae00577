package testenv

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// superuser is the user of every database, without a password.
const superuser = "hopeline"

// initdbArgs makes a cluster that sorts by bytes, as SQLite does.
var initdbArgs = []string{"-A", "trust", "-U", superuser, "--no-sync", "-E", "UTF8", "--locale=C"}

// postgresFolders are those outside PATH where systems keep the server.
var postgresFolders = []string{
	"/usr/lib/postgresql/*/bin", // Debian
	"/usr/pgsql-*/bin",          // Fedora
	"/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
}

// newCluster lays a fresh cluster at data: a copy, in a tenth of the time that
// initdb takes, of one made once per machine, user and version.
func newCluster(postgres, data string, as *syscall.Credential) error {
	root, err := base()
	if err != nil {
		return err
	}
	version, err := exec.Command(postgres, "--version").Output()
	if err != nil {
		return fmt.Errorf("ask postgres for its version: %w", err)
	}
	key := sha256.Sum256(fmt.Append(nil, string(version), postgres, initdbArgs, as))
	template := filepath.Join(root, fmt.Sprintf("cluster-%x", key[:6]))
	if _, err := os.Stat(template); err != nil {
		if err := makeTemplate(postgres, template, as); err != nil {
			return err
		}
	}
	return runAs(as, "cp", "-R", filepath.Join(template, "data"), data)
}

// makeTemplate runs initdb, unless another test binary did while we waited for
// the lock. The folder gets its name when it is whole.
func makeTemplate(postgres, template string, as *syscall.Credential) error {
	lock, err := os.OpenFile(template+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the cluster's lock: %w", err)
	}
	defer lock.Close()
	if err := flock(lock); err != nil {
		return err
	}
	if _, err := os.Stat(template); err == nil {
		return nil
	}
	folder, err := newFolder("cluster-new", as)
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	// initdb lies beside the real program, if not always beside a link to it.
	program, err := filepath.EvalSymlinks(postgres)
	if err != nil {
		return fmt.Errorf("find initdb: %w", err)
	}
	args := append([]string{"-D", filepath.Join(folder, "data")}, initdbArgs...)
	if err := runAs(as, filepath.Join(filepath.Dir(program), "initdb"), args...); err != nil {
		return err
	}
	if err := os.Rename(folder, template); err != nil {
		return fmt.Errorf("keep the new cluster: %w", err)
	}
	return nil
}

// flock waits for the lock, which the file's closing releases.
func flock(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return fmt.Errorf("wait for the cluster's lock: %w", err)
		}
		return nil
	}
}

// runAs runs a program to its end as the given user (nil: us).
func runAs(as *syscall.Credential, program string, args ...string) error {
	cmd := exec.Command(program, args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("run %s: %w: %s", filepath.Base(program), err, strings.TrimSpace(string(out)))
	}
	return nil
}
