package testenv

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
)

// base is the folder under which everything of this package lies, one for each
// user, in the temporary folder. Nobody else can have laid it there first.
var base = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(temporary(), fmt.Sprintf("hopeline-test-%d", os.Geteuid()))
	// Others may pass through, not look: PostgreSQL does so, when we are root.
	if err := os.Mkdir(dir, 0o711); err != nil && !os.IsExist(err) {
		return "", fmt.Errorf("make the test servers' folder: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", fmt.Errorf("look at the test servers' folder: %w", err)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); !info.IsDir() || !ok || int(st.Uid) != os.Geteuid() {
		return "", fmt.Errorf("%s is another user's: remove it", dir)
	}
	return dir, nil
})

// temporary is the temporary folder, unless root points it to a place that the
// user PostgreSQL runs as can't pass through.
func temporary() string {
	dir := os.TempDir()
	if os.Geteuid() != 0 {
		return dir
	}
	for at := filepath.Clean(dir); at != "/"; at = filepath.Dir(at) {
		if info, err := os.Stat(at); err != nil || info.Mode().Perm()&0o001 == 0 {
			return "/tmp"
		}
	}
	return dir
}

// newFolder makes a folder for one server, which the given user owns (nil: us).
func newFolder(server string, as *syscall.Credential) (string, error) {
	root, err := base()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(root, server+"-*")
	if err != nil {
		return "", fmt.Errorf("make a folder for %s: %w", server, err)
	}
	if as != nil {
		if err := os.Chown(dir, int(as.Uid), int(as.Gid)); err != nil {
			return "", fmt.Errorf("give a folder to %s: %w", server, err)
		}
	}
	return dir, nil
}

// unprivileged is the user that programs run as which refuse root: nil, so the
// same, for everyone but root.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	var failed error
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			failed = err
			continue
		}
		uid, uerr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gerr := strconv.ParseUint(u.Gid, 10, 32)
		if uerr == nil && gerr == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, fmt.Errorf("find a user to run PostgreSQL as: %w", failed)
}
