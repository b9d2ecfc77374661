package main

import (
	"os"
	"path/filepath"
	"strconv"
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

// The tests of the topics run them scaled down. What the claims say of the whole
// programs must be true of what these have obtained, which is checked in.
func TestClaims(t *testing.T) {
	for _, c := range []struct {
		topic, key string
		lo, hi     float64
	}{
		{"t02_perceptron", "mistakes / (R/γ)², greatest", 0, 1},
		{"t04_logistic", "accuracy on them, 30 measures", 95, 100},
		{"t07_degree", "true error of leave-one-out's choice / best", 1, 1.25},
		{"t07_degree", "true error of 10-fold's choice / best", 1, 1.25},
		{"t11_alvinn", "driven", 5000, 5001},
		{"t11_alvinn", "furthest from the middle", 0, 1.7},
		{"t12_modes", "256 inputs, 1 output: gradient / value", 0, 5},
		{"t15_vanishing", "sigmoid: greatest |dz| of a layer / (|W| |dz| of the next)", 0, 0.25},
		{"t16_dead", "greatest gradient of a weight of a dead unit", 0, 0},
		{"t17_approximation", "hinges: exponent of q in the squared error, built", -4.2, -3.8},
		{"t17_approximation", "Barron: exponent of q in the error, 1 to 16 units, most examples", -1.2, -0.8},
		{"t17_approximation", "Barron: exponent of N in the error at the best q", -2, -0.5},
		{"t18_images", "test accuracy", 98.8, 100},
		{"t19_sound", "test accuracy of the network", 95, 100},
		{"t19_sound", "test accuracy of the nearest mean spectrogram", 0, 75},
		{"t19_sound", "test accuracy of the nearest mean spectrum", 0, 66.6},
		{"t20_text", "LSTM", 0, 1.859}, // the best n-gram model
		{"t20_text", "transformer", 0, 1.859},
		{"t20_text", "5-gram", 1.859, 1.86},
		{"t20_text", "6-gram", 1.859, 1.9},
		{"t21_sequences", "GRU: sums right, mean over the lengths trained", 95, 100},
		{"t21_sequences", "plain network: sums right, mean over the lengths trained", 0, 50},
		{"t22_autoencoder", "principal components: squared error of a test digit", 3.3, 3.5},
		{"t22_autoencoder", "autoencoder: squared error of a test digit", 0, 0.75 * 3.3},
		{"t22_autoencoder", "variational: mean square of a code", 0.75, 1.25},
	} {
		rec, err := course.ReadRecord(filepath.Join("../../docs/course", c.topic))
		if err != nil {
			t.Error(err)
			continue
		}
		found := false
		for _, f := range rec.Figures {
			if f.Key != c.key {
				continue
			}
			found = true
			if v, err := strconv.ParseFloat(f.Value, 64); err != nil || v < c.lo || v > c.hi {
				t.Errorf("%s: %s is %s, claimed is %v to %v", c.topic, c.key, f.Value, c.lo, c.hi)
			}
		}
		if !found {
			t.Errorf("%s has not obtained %q", c.topic, c.key)
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
