package train

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// reporter shows a run.
type reporter interface {
	step(steps, examples int, loss float64)
	epoch(e Epoch)
	hide()  // before something else is printed
	close() // at the end
}

func newReporter(w io.Writer, epochs, steps int) reporter {
	if w == nil {
		return silent{}
	}
	c := &clock{epochs: epochs, perEpoch: steps, start: time.Now()}
	if f, ok := w.(*os.File); ok && isTerminal(f) {
		return &bar{clock: c, w: f, unicode: utf8Locale()}
	}
	return &lines{clock: c, w: w}
}

type silent struct{}

func (silent) step(int, int, float64) {}
func (silent) epoch(Epoch)            {}
func (silent) hide()                  {}
func (silent) close()                 {}

// clock tells how fast a run is and how long it will take.
type clock struct {
	epochs, perEpoch int
	start            time.Time
	first, done      int // steps before this process took over, and now
	examples         int // since then
}

func (c *clock) tick(steps, examples int) {
	if c.examples == 0 {
		c.first = steps - 1
	}
	c.done = steps
	c.examples += examples
}

func (c *clock) total() int { return c.epochs * c.perEpoch }

// rates are steps and examples per second, validation included.
func (c *clock) rates() (steps, examples float64) {
	s := max(time.Since(c.start).Seconds(), 1e-9)
	return float64(c.done-c.first) / s, float64(c.examples) / s
}

func (c *clock) left() time.Duration {
	steps, _ := c.rates()
	if steps == 0 {
		return 0
	}
	return time.Duration(float64(c.total()-c.done) / steps * float64(time.Second))
}

// lines is one line for each epoch: for files and pipes.
type lines struct {
	*clock
	w io.Writer
}

func (l *lines) step(steps, examples int, _ float64) { l.tick(steps, examples) }
func (l *lines) hide()                               {}
func (l *lines) close()                              {}

func (l *lines) epoch(e Epoch) {
	steps, _ := l.rates()
	fmt.Fprintf(l.w, "epoch %d/%d  %s  %s steps/s  %s left\n", e.N, l.epochs, measures(e.Loss, e.Metrics), short(steps), duration(l.left()))
}

// measures is "loss 0.0312  accuracy 0.984".
func measures(loss float64, metrics []Metric) string {
	var b strings.Builder
	fmt.Fprintf(&b, "loss %.4g", loss)
	for _, m := range metrics {
		fmt.Fprintf(&b, "  %s %.4g", m.Name, m.Value)
	}
	return b.String()
}

// short is a number in at most five columns: 0.42, 7.3, 950, 38.1k, 1.2M.
func short(x float64) string {
	for _, unit := range []string{"", "k", "M", "G"} {
		switch {
		case x < 1 && unit == "":
			return fmt.Sprintf("%.2f", x)
		case x < 99.95 && (x < 9.95 || unit != ""):
			return fmt.Sprintf("%.1f%s", x, unit)
		case x < 999.5:
			return fmt.Sprintf("%.0f%s", x, unit)
		}
		x /= 1000
	}
	return fmt.Sprintf("%.0fT", x)
}

// duration is 0:07, 12:31 or 3:02:44.
func duration(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}
