package train

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/optim"
)

// screen shows what a terminal of one line would: \r goes to its beginning.
func screen(out string, columns int) (line string, wrapped bool) {
	var cells []rune
	at := 0
	for _, c := range out {
		switch {
		case c == '\r':
			at = 0
		case at == len(cells):
			cells = append(cells, c)
			at++
		default:
			cells[at] = c
			at++
		}
		wrapped = wrapped || at >= columns
	}
	return strings.TrimRight(string(cells), " "), wrapped
}

// TestBar draws a bar on terminals of all widths: it never wraps, nothing of an
// older, longer line remains, and what matters most is there to the end.
func TestBar(t *testing.T) {
	for _, unicode := range []bool{false, true} {
		for columns := 1; columns < 150; columns++ {
			var out bytes.Buffer
			c := &clock{epochs: 10, perEpoch: 100, start: time.Now().Add(-time.Minute)}
			b := &bar{clock: c, w: &out, unicode: unicode, columns: columns}
			last := Epoch{N: 1, Loss: 0.25}
			last.Set("accuracy", 0.987654321)
			last.Set("a long name that makes the line longer", 1e-300)
			for step := 1; step <= 120; step++ {
				b.at = time.Time{}
				b.step(step, 32, 1/float64(step))
				if step == 100 {
					b.epoch(last)
				}
			}
			b.last.Metrics = b.last.Metrics[:1]
			b.draw()
			line, wrapped := screen(out.String(), columns)
			if wrapped {
				t.Fatalf("%d columns: wrapped", columns)
			}
			if want := b.text(columns - 1); line != strings.TrimRight(want, " ") {
				t.Fatalf("%d columns: %q remains, want %q", columns, line, want)
			}
			if columns >= 80 && !(strings.HasPrefix(line, "epoch 2/10 ") && strings.HasSuffix(line, " left  loss 0.008333  accuracy 0.9877")) {
				t.Errorf("%d columns: %q", columns, line)
			}
			b.hide()
			if line, _ := screen(out.String(), columns); line != "" {
				t.Errorf("%d columns: %q is not taken away", columns, line)
			}
		}
	}
}

func TestGauge(t *testing.T) {
	for _, unicode := range []bool{false, true} {
		b := bar{unicode: unicode}
		for i := range 101 {
			if g := b.gauge(float64(i)/100, 12); utf8.RuneCountInString(g) != 14 {
				t.Errorf("%d%%: %q", i, g)
			}
		}
	}
}

// TestLines: what is no terminal gets a line for each epoch, and nothing that
// moves a cursor.
func TestLines(t *testing.T) {
	var out strings.Builder
	l, _ := fitLine(optim.NewSGD[float32](2, 0.1))
	l.Progress = &out
	if _, err := l.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if strings.ContainsAny(text, "\r\x1b") || strings.Count(text, "\n") != 6 || !strings.HasPrefix(text, "epoch 1/6  loss ") || !strings.Contains(text, "  wave 3  ") {
		t.Errorf("%q", text)
	}
}

func TestShort(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0.00", 0.994: "0.99", 1: "1.0", 9.94: "9.9", 9.96: "10", 999: "999", 999.7: "1.0k", 1234: "1.2k", 99949: "99.9k", 99951: "100k", 1e6: "1.0M", 3e12: "3T", 1e18: "1000000T",
	} {
		if got := short(x); got != want {
			t.Errorf("short(%v) = %s, want %s", x, got, want)
		}
	}
	for s, want := range map[int]string{0: "0:00", 59: "0:59", 3599: "59:59", 3600: "1:00:00", 360000: "100:00:00"} {
		if got := duration(time.Duration(s) * time.Second); got != want {
			t.Errorf("duration(%d s) = %s, want %s", s, got, want)
		}
	}
}
