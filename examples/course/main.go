// Course runs the topics of an introductory course on neural networks, all or
// those named, and writes a page of what they have obtained:
//
//	go run ./examples/course               # all, to docs/course
//	go run ./examples/course t04 xor 21    # by folder, number or part of a name
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/nnc-lang/nnc/examples/course/course"
)

func main() {
	log.SetFlags(0)
	seed := flag.Uint64("seed", 1, "of all that is drawn at random")
	quick := flag.Bool("quick", false, "scaled down, as the tests run; for a look only")
	out := flag.String("out", "", "`folder` of the pictures and the page; docs/course of the repository if empty")
	flag.Parse()
	if err := run(flag.Args(), *seed, *quick, *out); err != nil {
		log.Fatal(err)
	}
}

func run(names []string, seed uint64, quick bool, out string) error {
	src, err := home()
	if err != nil {
		return err
	}
	if out == "" && quick {
		return errors.New("-quick needs -out: docs/course holds what the whole programs obtain")
	}
	kept := out == ""
	if kept {
		out = filepath.Join(src, "../../docs/course")
	}
	chosen, err := choose(names)
	if err != nil {
		return err
	}
	start := time.Now()
	for i, t := range chosen {
		line := newLine(os.Stderr, fmt.Sprintf("%2d/%d %-24s", i+1, len(chosen), t.Name))
		r := &course.Run{Quick: quick, Seed: seed, Dir: filepath.Join(out, t.Name), Progress: line.show}
		began := time.Now()
		if err := t.Run(r); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		rec, err := r.Keep()
		if err != nil {
			return err
		}
		if kept { // the README says what the page says
			if err := rec.RefreshFile(filepath.Join(src, t.Name, "README.md")); err != nil {
				return err
			}
		}
		line.end("%5.1f s  %s", time.Since(began).Seconds(), summary(r))
	}
	up, err := filepath.Rel(abs(out), src)
	if err != nil {
		return err
	}
	if err := course.Index(out, src, filepath.ToSlash(up), topics); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s in %.0f s\n", filepath.Join(out, "index.html"), time.Since(start).Seconds())
	return nil
}

// summary is the first figures of a run.
func summary(r *course.Run) string {
	var parts []string
	for _, f := range r.Figures[:min(2, len(r.Figures))] {
		parts = append(parts, f.String())
	}
	return strings.Join(parts, ", ")
}

// choose returns the topics that names tell, all for none.
func choose(names []string) ([]course.Topic, error) {
	if len(names) == 0 {
		return topics, nil
	}
	var chosen []course.Topic
	for _, name := range names {
		n, _ := strconv.Atoi(name)
		found := false
		for _, t := range topics {
			if t.Number == n || n == 0 && strings.Contains(t.Name, filepath.Base(name)) {
				chosen, found = append(chosen, t), true
			}
		}
		if !found {
			return nil, fmt.Errorf("no topic %q; there are:\n%s", name, list())
		}
	}
	return chosen, nil
}

func list() string {
	var b strings.Builder
	for _, t := range topics {
		fmt.Fprintf(&b, "  %-24s %s\n", t.Name, t.Title)
	}
	return b.String()
}

// home finds the folder examples/course from the current one.
func home() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		for _, at := range []string{dir, filepath.Join(dir, "examples/course")} {
			if _, err := os.Stat(filepath.Join(at, "course/topic.go")); err == nil {
				return at, nil
			} else if !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("course is to be run inside the repository")
		}
		dir = filepath.Dir(dir)
	}
}

func abs(path string) string {
	if a, err := filepath.Abs(path); err == nil {
		return a
	}
	return path
}
