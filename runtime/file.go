package runtime

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"syscall"
	"time"
)

// stale is the age at which what a killed save has left is removed.
const stale = time.Hour

// SaveFile writes src, such as a model, to the file name. All of it is on disk
// under another name in the same folder before it takes the place of what was
// there: whatever happens, even a loss of power, name is the old file or the new
// one and never a part of one. A save that was killed leaves a file
// .NAME.*.tmp, which a later save removes after an hour.
func SaveFile(name string, src io.WriterTo) error {
	if err := saveFile(name, src); err != nil {
		return fmt.Errorf("save %s: %w", name, err)
	}
	return nil
}

func saveFile(name string, src io.WriterTo) error {
	mode := os.FileMode(0o666)
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real // the link stays
	}
	old, err := os.Stat(name)
	switch {
	case err == nil && !old.Mode().IsRegular():
		return errors.New("not a regular file")
	case err == nil:
		mode = old.Mode().Perm()
	}
	dir, base := filepath.Split(name)
	if dir == "" {
		dir = "."
	}
	sweep(dir, base)
	temp := filepath.Join(dir, fmt.Sprintf(".%s.%016x.tmp", base, rand.Uint64()))
	if err := writeSynced(temp, mode, src); err != nil {
		os.Remove(temp)
		return err
	}
	if err := os.Rename(temp, name); err != nil {
		os.Remove(temp)
		return err
	}
	return syncDir(dir)
}

// writeSynced creates the file name and returns when it is on disk.
func writeSynced(name string, mode os.FileMode, src io.WriterTo) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	b := bufio.NewWriter(f)
	if _, err := src.WriteTo(b); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	return f.Sync()
}

// syncDir makes a rename in dir last. Windows has no such call, and not every
// file system of the others.
func syncDir(dir string) error {
	if goruntime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// sweep removes what saves of base have left that were killed long ago.
func sweep(dir, base string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "."+base+".") || len(e.Name()) != len("."+base+".")+len("0123456789abcdef.tmp") || !strings.HasSuffix(e.Name(), ".tmp") {
			continue
		}
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > stale {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// LoadFile reads dst, such as a model, from the file name. An emitted model is
// unchanged unless all of the file is right.
func LoadFile(name string, dst io.ReaderFrom) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := dst.ReadFrom(f); err != nil {
		return fmt.Errorf("load %s: %w", name, err)
	}
	return nil
}
