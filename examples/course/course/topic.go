package course

import "testing"

// Topic is one idea of the course, as a program.
type Topic struct {
	Number int
	Name   string // of the folder, such as t04_logistic
	Title  string
	Claim  string // what Run shows and the test asserts
	Run    func(*Run) error
}

// Test runs a topic in its quick form with seed 1 and drops its pictures.
func Test(t testing.TB, topic Topic) *Run {
	t.Helper()
	r := &Run{Quick: true, Seed: 1, Dir: t.TempDir()}
	if err := topic.Run(r); err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Figures {
		t.Log(f)
	}
	return r
}
