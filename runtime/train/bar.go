package train

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

// refresh is how often the bar is drawn: more often is not seen.
const refresh = 100 * time.Millisecond

// bar is one line of a terminal, redrawn as the run goes on:
//
//	epoch 3/20 [####>     ]  41%  1.2k steps/s  39.0k examples/s  0:07 left  loss 0.0312  accuracy 0.984
//
// What does not fit is left out, so that it never wraps.
type bar struct {
	*clock
	w       io.Writer
	unicode bool
	columns int // of the terminal if not 0, for tests
	loss    float64
	last    Epoch
	drawn   int // width of what stands there
	at      time.Time
}

func (b *bar) step(steps, examples int, loss float64) {
	b.tick(steps, examples)
	b.loss = loss
	if now := time.Now(); now.Sub(b.at) >= refresh {
		b.at = now
		b.draw()
	}
}

func (b *bar) epoch(e Epoch) {
	b.loss, b.last = e.Loss, e
	if b.at.IsZero() || e.N == b.epochs || time.Since(b.at) >= refresh {
		b.at = time.Now()
		b.draw()
	}
}

func (b *bar) hide() {
	if b.drawn > 0 {
		fmt.Fprintf(b.w, "\r%s\r", strings.Repeat(" ", b.drawn))
		b.drawn = 0
	}
}

func (b *bar) close() {
	if b.done > 0 {
		b.draw()
		fmt.Fprintln(b.w)
		b.drawn = 0
	}
}

func (b *bar) draw() {
	columns := b.columns
	if f, ok := b.w.(*os.File); ok && columns == 0 {
		columns = width(f)
	}
	text := b.text(columns - 1) // the last column would wrap on some terminals
	n := utf8.RuneCountInString(text)
	fmt.Fprintf(b.w, "\r%s%s", text, strings.Repeat(" ", max(b.drawn-n, 0)))
	b.drawn = n
}

// text is the line in at most room columns.
func (b *bar) text(room int) string {
	share := float64(b.done) / float64(max(b.total(), 1))
	steps, examples := b.rates()
	left := duration(b.left()) + " left"
	if b.done == b.total() {
		left = duration(time.Since(b.start))
	}
	parts := []string{
		fmt.Sprintf("epoch %d/%d", max(b.done-1, 0)/max(b.perEpoch, 1)+1, b.epochs),
		fmt.Sprintf("%3.0f%%", 100*share),
		short(steps) + " steps/s",
		short(examples) + " examples/s",
		left,
		measures(b.loss, b.last.Metrics),
	}
	const shortest, longest = 10, 40
	for _, drop := range []int{3, 2, 1} { // the least telling first
		if joined(parts)+shortest+3 <= room {
			break
		}
		parts[drop] = ""
	}
	if n := min(room-joined(parts)-3, longest); n >= shortest {
		parts[0] += " " + b.gauge(share, n)
	}
	line := []rune(strings.Join(present(parts), "  "))
	return string(line[:max(min(len(line), room), 0)])
}

func present(parts []string) (list []string) {
	for _, p := range parts {
		if p != "" {
			list = append(list, p)
		}
	}
	return list
}

func joined(parts []string) int {
	return utf8.RuneCountInString(strings.Join(present(parts), "  "))
}

// gauge is the bar itself, n columns between brackets.
func (b *bar) gauge(share float64, n int) string {
	if b.unicode {
		eighths := int(share * float64(8*n))
		s := strings.Repeat("█", eighths/8)
		if eighths%8 > 0 {
			s += string([]rune(" ▏▎▍▌▋▊▉")[eighths%8])
		}
		return "▕" + s + strings.Repeat(" ", n-utf8.RuneCountInString(s)) + "▏"
	}
	full := int(share * float64(n))
	s := strings.Repeat("#", full)
	if full < n {
		s += ">" + strings.Repeat(" ", n-full-1)
	}
	return "[" + s + "]"
}

// utf8Locale says whether the user's terminal shows more than ASCII.
func utf8Locale() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := os.Getenv(name); v != "" {
			v = strings.ToLower(v)
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return false
}
