package runtime

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// generation is a model of which all parameters are the number of a save.
type generation []float64

func (g generation) params() iter.Seq[Param[float64]] {
	return slices.Values([]Param[float64]{
		{"a", []int{len(g) / 2}, g[:len(g)/2]},
		{"b", []int{len(g) - len(g)/2}, g[len(g)/2:]},
	})
}

func (g generation) WriteTo(w io.Writer) (int64, error) { return WriteParams(w, "g", g.params()) }

func (g generation) ReadFrom(r io.Reader) (int64, error) { return ReadParams(r, "g", g.params()) }

// number is the generation that all of g is.
func (g generation) number() (float64, error) {
	for i, v := range g {
		if v != g[0] {
			return 0, fmt.Errorf("value %d is of save %v, the first of %v", i, v, g[0])
		}
	}
	return g[0], nil
}

// saver names the file that a child process saves to until it is killed.
const saver = "NNC_TEST_SAVE"

const generationSize = 20_000

// TestSaver is the child of TestKill and no test.
func TestSaver(t *testing.T) {
	name := os.Getenv(saver)
	if name == "" {
		t.Skip("for TestKill")
	}
	g := make(generation, generationSize)
	if err := LoadFile(name, g); err != nil {
		t.Fatal(err)
	}
	for {
		Fill(g, g[0]+1)
		if err := SaveFile(name, g); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("saved %v\n", g[0])
	}
}

// TestKill kills a process that saves in a loop, again and again. The file must
// be whole at any time, and no save that was reported may be lost.
func TestKill(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	kills := 200
	if testing.Short() {
		kills = 20
	}
	name := filepath.Join(t.TempDir(), "g.safetensors")
	if err := SaveFile(name, make(generation, generationSize)); err != nil {
		t.Fatal(err)
	}
	g := make(generation, generationSize)
	load := func() float64 {
		t.Helper()
		if err := LoadFile(name, g); err != nil {
			t.Fatal(err)
		}
		n, err := g.number()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	saves := 0
	for range kills {
		child := exec.Command(self, "-test.run=^TestSaver$")
		child.Env = append(os.Environ(), saver+"="+name)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		in := bufio.NewScanner(out)
		if !in.Scan() {
			t.Fatal("the child has saved nothing")
		}
		first := in.Text()
		load() // while it writes
		time.Sleep(time.Duration(rand.IntN(10_000)) * time.Microsecond)
		child.Process.Kill()
		last := first
		for in.Scan() {
			last = in.Text()
			saves++
		}
		child.Wait()
		reported, err := strconv.ParseFloat(strings.TrimPrefix(last, "saved "), 64)
		if err != nil {
			t.Fatalf("the child printed %q", last)
		}
		if n := load(); n < reported {
			t.Fatalf("save %v was reported, the file is of save %v", reported, n)
		}
	}
	t.Logf("%d kills, %d saves", kills, saves)
}

type failing struct{}

func (failing) WriteTo(w io.Writer) (int64, error) {
	n, _ := w.Write(make([]byte, 1<<20))
	return int64(n), errors.New("no more")
}

func TestSaveFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "m")
	old, g := generation{1, 1, 1}, generation{0, 0, 0}
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := SaveFile(name, old); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Error("the file has become readable for others:", info.Mode(), err)
	}
	link := filepath.Join(dir, "link")
	if os.Symlink("m", link) == nil {
		if err := SaveFile(link, generation{2, 2, 2}); err != nil {
			t.Error(err)
		}
		if err := LoadFile(name, g); err != nil || g[0] != 2 {
			t.Error("the link was not followed:", g, err)
		}
		os.Remove(link)
	}
	if err := SaveFile(name, failing{}); err == nil || !strings.Contains(err.Error(), "no more") {
		t.Error(err)
	}
	if err := LoadFile(name, g); err != nil {
		t.Error("a save that failed has touched the file:", err)
	}
	for _, bad := range []string{dir, filepath.Join(dir, "none", "m"), os.DevNull} {
		if err := SaveFile(bad, old); err == nil {
			t.Errorf("saved to %s", bad)
		}
	}
	left := filepath.Join(dir, ".m.0123456789abcdef.tmp")
	fresh := filepath.Join(dir, ".m.0123456789abcdee.tmp")
	for _, f := range []string{left, fresh} {
		if err := os.WriteFile(f, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(left, time.Time{}, time.Now().Add(-2*stale)); err != nil {
		t.Fatal(err)
	}
	if err := SaveFile(name, old); err != nil {
		t.Fatal(err)
	}
	var names []string
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, []string{filepath.Base(fresh), "m"}) {
		t.Error("in the folder are", names)
	}
}
