package train

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// position is how far a run has come: what a checkpoint holds beside tensors.
// It is kept as text, numbers so that they read back to the same bits.
type position struct {
	steps     int // in all
	optimizer int // steps of the optimiser
	sum       float64
	count     int // examples of this epoch, and the sum of their losses
	best      int // index of the best epoch, -1 for none
	epochs    []Epoch
	time      time.Duration
}

// planKey is where the metadata hold the text that both parts of a run share.
const planKey = "train.plan"

func (p position) meta(plan string) map[string]string {
	m := map[string]string{
		planKey:           plan,
		"train.steps":     strconv.Itoa(p.steps),
		"train.optimizer": strconv.Itoa(p.optimizer),
		"train.sum":       exact(p.sum),
		"train.count":     strconv.Itoa(p.count),
		"train.best":      strconv.Itoa(p.best),
		"train.time":      p.time.String(),
	}
	for i, e := range p.epochs {
		m[epochKey(i)] = e.text()
	}
	return m
}

func epochKey(i int) string { return fmt.Sprintf("train.epoch.%d", i+1) }

// text is the loss, rate, time, whether it was the best, and the metrics, each a
// value and a name.
func (e Epoch) text() string {
	fields := []string{exact(e.Loss), exact(e.Rate), e.Time.String(), strconv.FormatBool(e.Best)}
	for _, m := range e.Metrics {
		fields = append(fields, exact(m.Value)+"="+m.Name)
	}
	return strings.Join(fields, "\x00")
}

func exact(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// parser reads numbers and keeps the first error.
type parser struct{ err error }

func (p *parser) note(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *parser) int(s string) int {
	n, err := strconv.Atoi(s)
	p.note(err)
	return n
}

func (p *parser) float(s string) float64 {
	x, err := strconv.ParseFloat(s, 64)
	p.note(err)
	return x
}

func (p *parser) duration(s string) time.Duration {
	d, err := time.ParseDuration(s)
	p.note(err)
	return d
}

func (p *parser) epoch(n int, text string) Epoch {
	fields := strings.Split(text, "\x00")
	if len(fields) < 4 {
		p.note(fmt.Errorf("epoch %d is missing or cut", n))
		return Epoch{}
	}
	e := Epoch{N: n, Loss: p.float(fields[0]), Rate: p.float(fields[1]), Time: p.duration(fields[2]), Best: fields[3] == "true"}
	for _, f := range fields[4:] {
		value, name, _ := strings.Cut(f, "=")
		e.Metrics = append(e.Metrics, Metric{name, p.float(value)})
	}
	return e
}

// parsePosition is the inverse of meta for a run with perEpoch steps an epoch.
func parsePosition(meta map[string]string, plan string, perEpoch int) (position, error) {
	have, ok := meta[planKey]
	switch {
	case !ok:
		return position{}, errors.New("not the checkpoint of a run: a model alone is read by rt.LoadFile")
	case have != plan:
		return position{}, fmt.Errorf("it is of another run: %s; this one has %s; remove it to begin anew", have, plan)
	}
	var in parser
	p := position{
		steps: in.int(meta["train.steps"]), optimizer: in.int(meta["train.optimizer"]),
		sum: in.float(meta["train.sum"]), count: in.int(meta["train.count"]), best: in.int(meta["train.best"]),
		time: in.duration(meta["train.time"]),
	}
	if in.err == nil && (p.steps < 0 || p.optimizer < 0 || p.count < 0 || p.best < -1 || p.best >= p.steps/perEpoch || math.IsNaN(p.sum)) {
		in.err = errors.New("a number is out of range")
	}
	for i := 0; in.err == nil && i < p.steps/perEpoch; i++ {
		p.epochs = append(p.epochs, in.epoch(i+1, meta[epochKey(i)]))
	}
	if in.err != nil {
		return position{}, fmt.Errorf("the position of the run: %w", in.err)
	}
	return p, nil
}
