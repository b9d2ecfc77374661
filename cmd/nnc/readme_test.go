package main

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of verbs into the README")

// TestReadmeVerbs compares the README's table of verbs with that of help.
func TestReadmeVerbs(t *testing.T) {
	const file = "../../README.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head := "| `go tool nnc` | |\n|---|---|\n"
	want := ""
	for _, v := range table() {
		want += "| `" + strings.TrimSpace(v.name+" "+strings.ReplaceAll(v.args, "|", "\\|")) + "` | " + v.short + " |\n"
	}
	before, rest, found := strings.Cut(string(text), head)
	have, after, _ := strings.Cut(rest, "\n\n")
	switch {
	case !found:
		t.Fatal("the README has no table of verbs")
	case have+"\n" == want:
	case *update:
		if err := os.WriteFile(file, []byte(before+head+want+"\n"+after), 0o666); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("the table of verbs is now (-update writes it)\n%s", want)
	}
}
