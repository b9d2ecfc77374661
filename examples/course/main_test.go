package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
)

// A topic that is not in its folder, or whose README leaves out its mathematics,
// could not be followed from the page; a picture that is missing would be a hole
// in it.
func TestTopics(t *testing.T) {
	before := 0
	for _, topic := range topics {
		if topic.Number <= before {
			t.Errorf("%s: number %d stands after %d", topic.Name, topic.Number, before)
		}
		before = topic.Number
		readme, err := os.ReadFile(filepath.Join(topic.Name, "README.md"))
		if err != nil {
			t.Error(err)
		}
		sources, _ := filepath.Glob(filepath.Join(topic.Name, "*.nn"))
		if len(sources) == 0 {
			t.Errorf("%s has no .nn file", topic.Name)
		}
		for _, s := range sources {
			if name := filepath.Base(s); !strings.Contains(string(readme), "]("+name+")") {
				t.Errorf("%s: the README has no link to %s", topic.Name, name)
			}
		}
		page := filepath.Join("../../docs/course", topic.Name)
		rec, err := course.ReadRecord(page)
		if err != nil {
			t.Errorf("%s has not been run: %v", topic.Name, err)
			continue
		}
		// What the README tells is what the page tells; go run . writes both.
		told, err := rec.Refresh(string(readme))
		if err != nil {
			t.Errorf("%s: README.md: %v", topic.Name, err)
		} else if told != string(readme) {
			t.Errorf("%s: README.md tells other figures than %s", topic.Name, page)
		}
		if !strings.Contains(string(readme), "<!--") {
			t.Errorf("%s: README.md tells no figure that was obtained", topic.Name)
		}
		for _, p := range rec.Pictures {
			if _, err := os.Stat(filepath.Join(page, p.File)); err != nil {
				t.Error(err)
			}
		}
	}
}

// The names of a command line are folders, numbers, or parts of names.
func TestChoose(t *testing.T) {
	for name, want := range map[string]string{"t04": "t04_logistic", "2": "t02_perceptron", "layers": "t08_layers", "examples/course/t03_graph": "t03_graph"} {
		got, err := choose([]string{name})
		if err != nil || len(got) == 0 || got[0].Name != want {
			t.Errorf("%s chooses %v, %v", name, got, err)
		}
	}
	if _, err := choose([]string{"t99"}); err == nil {
		t.Error("t99 chooses something")
	}
}
